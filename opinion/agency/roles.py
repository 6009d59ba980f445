"""The roles of an account. They stand apart: an administrator reads no case by that role alone."""

COORDINATOR, CURATOR, ADMINISTRATOR = "coordinator", "curator", "administrator"
ROLES = (COORDINATOR, CURATOR, ADMINISTRATOR)
