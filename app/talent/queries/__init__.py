"""Reading programmes, records and the files of people."""

from .files import FileEntry, person_file, person_in_office
from .programs import fast_tracks_of, program_in_office, programs_of, tiers_of
from .records import RecordRow, checks_of_record, record_counts, record_in_office, record_rows, records_by_ids, records_of_notice

__all__ = [
    "FileEntry",
    "RecordRow",
    "checks_of_record",
    "fast_tracks_of",
    "person_file",
    "person_in_office",
    "program_in_office",
    "programs_of",
    "record_counts",
    "record_in_office",
    "record_rows",
    "records_by_ids",
    "records_of_notice",
    "tiers_of",
]
