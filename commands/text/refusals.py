"""What stores and services say when they refuse: a sentence each."""

from __future__ import annotations

from commands.i18n import N_

FAULT = N_("Something went wrong here, and nothing was charged. Please try again.")
LOST = N_("Something went wrong while I answered you. Please try again.")
NO_MEMORY = N_("I cannot save anything just now, and nothing was charged. Please try again later.")
NO_LOOKING = N_("I cannot look anything up just now. Please try again later.")
RESTARTING = N_("I am about to restart; please ask again in a minute.")

QUEUE_IS_FULL = N_("Too many pictures are waiting just now; please ask again in a few minutes.")
NOTHING_WAITS = N_("Nothing of yours is waiting to be painted.")
NOT_YOURS_TO_CANCEL = N_("Only the person who asked for it, or a moderator, may cancel that.")
NO_LONGER_WAITING = N_("That is no longer waiting.")

NO_PICTURE = N_("There is no picture {word} here; /gallery shows the numbers of yours.")
NO_PICTURE_IN_POST = N_("That message has no picture of mine; /gallery shows the numbers of yours.")
NOT_YOURS_TO_HIDE = N_("Only the person who asked for it, or a moderator, may hide or show that.")
NOT_YOURS_TO_DELETE = N_("Only the person who asked for it, or a moderator, may delete that.")

WRONG_CODE = N_("That code is wrong, used or too old; say /link on the other account for a new one.")
OWN_CODE = N_("That code is your own; say it on the other account.")
TOO_MANY_CODES = N_("Too many wrong codes; try again in {minutes} min.")
TOO_MANY_ACCOUNTS = N_("At most {most} accounts can be joined.")
NOT_JOINED = N_("This account is linked with no other; /link explains how.")

BLOCKED = N_("An admin of this server has blocked you here; /mydata and /delete still work.")
TOO_MANY_REPORTS = N_("You reported {most} pictures within an hour; please wait a while.")

NO_SUCH_PART = N_("There is no part {part}; your data has {parts}.")
STILL_PAINTING = N_("I am still painting for you; wait for it or say /cancel, then ask me to forget again.")
