"""Conversations, assets, and deliveries to callbacks (contract: /conversations, /assets, webhook).

A message goes through these:

  endpoints      the five calls of the API; conversations and assets keep what they store
  incoming       a request to send messages, checked beyond its schema; kinds: who may send what
  deliveries     the worker: one queue a conversation
  routing        from account to channel, orchestration and application; walk is its record
  restrictions   what the channel lets through
  courier        one delivery: authorization makes its header, callback is the only socket
  payload        what a callback gets

`trail` keeps the hops: where each message went, and why. `pages` shows all that on the control
surface. Where the contract is silent, `docs/emulator.md` says what was decided.
"""
