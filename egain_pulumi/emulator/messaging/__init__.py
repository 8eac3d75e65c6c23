"""Conversations, assets, and deliveries to callbacks (contract: /conversations, /assets, webhook).

A message passes these modules:

  endpoints      the five calls of the API; conversations and assets store its objects
  incoming       checks of a request beyond its schema; kinds: which role may send which kind
  deliveries     the worker, with one queue per conversation
  routing        from account to channel, orchestration and application; walk records the steps
  restrictions   the channel's rules for text and attachments
  courier        one delivery: authorization makes the header, callback has the only socket
  payload        the body that a callback gets

`trail` stores the hops, `codes` has their reason codes, `notices` the hub's own texts, `pages` the
paths of the control surface. `docs/emulator.md` lists what was decided beyond the contract.
"""
