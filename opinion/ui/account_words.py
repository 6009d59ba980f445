"""Words for roles and for what is refused, on the pages of the app and on those for signing in."""

from opinion.agency.accounts import LONGEST_NAME
from opinion.agency.passwords import LONGEST, SHORTEST
from opinion.errors import OpinionError, RefusedError
from opinion.texts.translations import Translator


def role_words(t: Translator) -> dict[str, str]:
    """Return the name of each role."""
    return {"coordinator": t("Coordinator"), "curator": t("Curator"), "administrator": t("Administrator")}


def duties(t: Translator) -> dict[str, str]:
    """Return what each role lets somebody do."""
    return {
        "coordinator": t("Coordinator: sees requests of patients and matches cases"),
        "curator": t("Curator: keeps the catalogue of centres"),
        "administrator": t("Administrator: makes and changes accounts; sees no requests"),
    }


def refusal_words(error: OpinionError, t: Translator) -> str:
    """Return why something was not done, and what to do instead."""
    reason = error.reason if isinstance(error, RefusedError) else "changed_meanwhile"
    words = {
        "changed_meanwhile": t("Somebody else has changed this account meanwhile. Look at it again, then repeat."),
        "wrong_password": t("Name or password is not right. Check both, then try again."),
        "too_many_attempts": t("Too many wrong attempts. Wait 15 minutes, then try again."),
        "wrong_code": t("Name or code is not right, or the code is older than a day. Ask for a new one."),
        "bad_name": t(
            "Give a sign-in name of 2 to {longest} letters a to z or digits. Inside it, . _ @ + - are allowed.",
            longest=LONGEST_NAME,
        ),
        "bad_shown_name": t("Give the person's name, with at most {longest} letters.", longest=LONGEST_NAME),
        "no_role": t("Choose at least one role."),
        "name_taken": t("There is an account with this sign-in name. Give another one."),
        "last_administrator": t("This is the last administrator. Give the role to another active account first."),
        "password_short": t("The password is too short. Give at least {shortest} characters.", shortest=SHORTEST),
        "password_long": t("The password is too long. Give at most {longest} characters.", longest=LONGEST),
        "password_is_name": t("The password is the same as the name. Give another one."),
        "password_simple": t("The password has too few different characters. Give another one."),
        "passwords_differ": t("The two passwords are not the same. Write both again."),
    }
    return words[reason]
