"""Functions that the tests plan and enqueue: they remember having run, in the test's memory."""

from django_tasks import task

faits: list[str] = []
pannes: list[Exception] = []


def noter() -> None:
    """A planned task: fails as long as `pannes` holds an error."""
    if pannes:
        raise pannes.pop()
    faits.append("planifie")


def rien_a_faire() -> bool:
    return False


@task()
def tache(quoi: str) -> None:
    """A background task: fails as long as `pannes` holds an error."""
    if pannes:
        raise pannes.pop()
    faits.append(quoi)
