"""The verbs of documents: numbers, verification codes, seals."""

from .codes import issue_code, revoke_code
from .numbers import next_number, numbered
from .seals import remove_seal, set_seal

__all__ = ["issue_code", "next_number", "numbered", "remove_seal", "revoke_code", "set_seal"]
