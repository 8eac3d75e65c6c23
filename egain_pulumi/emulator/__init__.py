"""An emulator of eGain Conversation Manager v3, over real HTTP, with a database.

It follows `contract/conversationmgr-v3.yaml`, read independently of the rest of this package: it
imports nothing of it, and only the command that starts it imports this. `docs/emulator.md` has its
limits. No module imports one above it in this list:

  server      the process: port, signals, start and end
  control/    `/_emulator/` and the page at `/` (`static/`)
  gateway     around each answer: request_log, throttle, latency, faults/
  api         the vendor's calls: tokens, parameters, body; contract/answer_check for answers
  messaging/  conversations, assets, and deliveries to callbacks, in the background
  tenant      objects and the rules between them; visibility; store keeps them on disk
  contract/   the contract, and checks of requests and answers against it
  wire        one call as it came in, and the ways its answer can leave
  rules       what the contract cannot say, one row a kind of object

with settings, clock, errors and jsontext below all of them.
"""

from .server import serve

__all__ = ["serve"]
