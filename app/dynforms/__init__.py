"""Forms that organizers build: definitions as data, versions that never change once published, WTForms made from them."""
