"""Policy pack `egain-hub`: rules of contact centers for a conversation hub.

pulumi preview --policy-pack policy --policy-pack-config policy/config.json

`docs/policy.md` says how to run, configure and extend the rules.
"""

from pulumi_policy import PolicyPack
from rules import RULES

PolicyPack(name="egain-hub", policies=RULES)
