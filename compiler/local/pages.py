"""The pages of the codes of ``lenie local``."""

from __future__ import annotations

from lenie.compiler.codes import Page

PAGES: dict[str, Page] = {
    "E640": Page(
        "What the emulator needs is not installed",
        "The emulator is moto's server, a PostgreSQL with pgvector, and an evaluator of JSONata. They are large, and "
        "nothing else of lenie needs them, so they are an extra of its own: `pip install 'lenie[local]'`. It needs one "
        "exact version of moto, because it replaces parts of it.",
    ),
    "E641": Page(
        "No emulator runs in the directory",
        "`lenie local up` starts one, and keeps what belongs to it in its directory (.lenie-local, or the one of "
        "--directory). The other commands look there. An emulator that was ended from outside, as by a restart of the "
        "machine, has left its directory behind: `lenie local down` removes it.",
    ),
    "E642": Page(
        "The directory is not the emulator's",
        "`lenie local down` deletes the directory of the emulator with all that is in it. So it is only ever one that "
        "`lenie local up` made, or one that was empty.",
    ),
    "E643": Page(
        "The emulator cannot be started, or does not end",
        "The message says what it wrote last; the rest stands in server.log in its directory. A port that is given "
        "with --port must be free. Two starts at once in one directory would end each other, so the second one is "
        "refused. A process that does not end within its time is named, and has to be looked at by hand.",
    ),
    "E644": Page(
        "A schedule cannot be fired",
        "`lenie local fire` calls the target of a schedule as EventBridge Scheduler would, with the schedule's own "
        "input. The schedule does not exist, its target refuses the call, or it is of a kind that the emulator does "
        "not call. The emulator fires nothing by itself.",
    ),
    "E645": Page(
        "An execution did not succeed",
        "`lenie local fire --wait` waits for the execution of the state machine that the schedule started, or for the "
        "function that it calls. The message tells the error and its cause, as `aws stepfunctions describe-execution` "
        "would, or what the function raised.",
    ),
}
