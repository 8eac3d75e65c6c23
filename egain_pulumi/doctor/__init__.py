"""What a machine, its settings and a tenant are like: for people who ask why it does not work.

    from egain_pulumi import doctor

    doctor.machine(project, environment)      Checks of interpreter, packages, CLI, plugin host
    doctor.network(addresses, environment)    Checks of proxies and certificates
    doctor.diagnose(client, kinds, show)      Diagnosis of a tenant: checks, and readings of lists

A check is ok, a warning or failed, and says what to do. Reads only.
"""

from .check import Check, Status
from .machine import checks as machine
from .network import checks as network
from .tenant import Diagnosis, diagnose

__all__ = ["Check", "Diagnosis", "Status", "diagnose", "machine", "network"]
