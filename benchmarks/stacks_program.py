"""One channel and the accounts that use it, in one stack or in several.

Declares BENCH_SIZE accounts from number BENCH_FIRST on. BENCH_SHARED names the stack that has the
channel; without it this program declares the channel.
"""

import os

import pulumi

from benchmarks.objects import ICON
from egain_pulumi import AccountResource, ChannelResource

first, size = int(os.environ["BENCH_FIRST"]), int(os.environ["BENCH_SIZE"])
shared = os.environ.get("BENCH_SHARED")

channel: pulumi.Input[str]
if shared:
    name = f"organization/{pulumi.get_project()}/{shared}"
    channel = pulumi.StackReference(name).require_output("channel")
else:
    channel = ChannelResource("chat", type="chat", display_name="Chat", icon=ICON).id
    pulumi.export("channel", channel)

for number in range(first, first + size):
    account = f"orders-{number}"
    AccountResource(
        account, name=account, address=f"{number:09}", channel=channel, chat_configurations={}
    )
