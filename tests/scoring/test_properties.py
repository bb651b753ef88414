"""Every invariant on a moderate number of random cases."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.scoring.properties import PROPERTIES
from tests.scoring.properties_models import Long  # noqa: F401 -- registers its properties
from tests.scoring.properties_selection import RULE  # noqa: F401 -- the same


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_property_holds(name: str) -> None:
    function, strategies = PROPERTIES[name]
    checked = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    checked(given(**strategies)(function))()
