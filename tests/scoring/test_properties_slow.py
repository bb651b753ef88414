"""Every invariant on ten thousand random cases (`make test-slow`)."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.scoring.properties import PROPERTIES
from tests.scoring.properties_models import Long  # noqa: F401 -- registers its properties
from tests.scoring.properties_selection import RULE  # noqa: F401 -- the same


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_property_holds_in_ten_thousand_cases(name: str) -> None:
    function, strategies = PROPERTIES[name]
    checked = settings(max_examples=10_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    checked(given(**strategies)(function))()
