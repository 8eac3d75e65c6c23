"""A stand-in for eGain Conversation Manager v3: real HTTP, with a memory, any client language.

It follows the contract in `conversationmgr-v3.yaml`, read independently of the rest of this
package: it imports nothing of it, and nothing of it imports this. Its limits: `docs/emulator.md`.

A call goes through these, from outside in:

  server      the process: port, signals, start and end
  wire        a call as it came in, and the ways an answer can leave
  gateway     around each answer: requestlog, throttle, latency, faults
  api         the vendor's calls: tokens, parameters, validation; strict checks the answer
  tenant      objects and the rules between them; visibility; store keeps them on disk
  messaging   conversations, assets, and deliveries to callbacks, in the background

and they lean on: contract and shapes (the file, read), rules (the table of what the file cannot
say), settings (the switches), clock, errors, jsontext. For tests: control with objects and
loopback; faults (which), faultwish (read from JSON), acting (what they do).
"""

from .server import serve

__all__ = ["serve"]
