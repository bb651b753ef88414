"""The notice of how personal data are used. Whoever makes an account accepts one version of it; a changed text is a new version."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

VERSION = "2026-11"

PARAGRAPHS = (
    (_l("What for"), _l(
        "Your name and address serve to run the programmes you take part in: to sign you in, to tell you what concerns you, and"
        " to name you where you win. What a programme needs beyond that is asked for in its own form, with the reason.")),
    (_l("On what ground"), _l(
        "Taking part needs them; the offices that run public programmes must keep their records; what goes beyond that you give"
        " of your own accord. Document number, phone and bank account are asked for only when an award or a selection needs "
        "them.")),
    (_l("Who sees them"), _l(
        "Officials of the programmes you enter, as far as their task needs it; judges see entries that are assigned to them, in"
        " blind review without names. Document numbers, phone and bank details are stored encrypted and shown masked; every "
        "look at them is written down.")),
    (_l("What becomes public"), _l(
        "Results as the rules of the programme say, with names masked as the rules for public notices demand.")),
    (_l("How long"), _l(
        "Accounts until you have them erased. Links, sessions, mails and logs of sign-ins are removed after fixed times. "
        "Records of competitions and selections stay for the time that the rules on archives prescribe.")),
    (_l("What you may ask"), _l(
        "To see and correct your data, to take a copy along, to have them erased as far as the law on records allows. All of it"
        " is on the page My data after signing in; questions go to the office named below.")),
    (_l("Minors"), _l(
        "Who is under fourteen takes part only with the consent of a parent or guardian, given to the organizer in writing.")),
)  # fmt: skip
