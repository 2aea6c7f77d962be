"""What a connector's own process gives up before a line of the connector runs. Linux has all of it, others less.

RLIMIT_NPROC is of no use here: it counts whatever runs under the same account, and root is exempt. A filter of system
calls forbids new processes instead (seccomp(2)); threads go on. Memory is limited by who starts the process, once it
is known how much it needs at rest.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys

FILES = 512
"""Most files and connections that it may have open."""

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38  # linux/prctl.h
SECCOMP_MODE_FILTER = 2
CLONE_THREAD = 0x00010000  # linux/sched.h
# struct seccomp_data: number of the call, architecture, first argument (its lower half, little-endian)
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_LOAD, _IS, _HAS, _RETURN = 0x20, 0x15, 0x45, 0x06  # linux/bpf_common.h: LD+W+ABS, JMP+JEQ+K, JMP+JSET+K, RET+K
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000  # linux/seccomp.h; the number of an error is in the lower half
_EPERM, _ENOSYS = 1, 38
# AUDIT_ARCH, clone, clone3, and what is never needed: fork, vfork, execve, execveat
_CALLS: dict[str, tuple[int, int, int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, 56, 435, (57, 58, 59, 322)),
    "aarch64": (0xC00000B7, 220, 435, (221, 281)),
}


def die_with_parent(parent: int) -> None:
    """Ends with the process that has started us."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def confine() -> None:
    """Gives up core dumps, many files, and new processes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    calls = _CALLS.get(platform.machine())
    if sys.platform == "linux" and calls:
        _forbid_processes(*calls)


def _forbid_processes(architecture: int, clone: int, clone3: int, never: tuple[int, ...]) -> None:
    """From here on this process makes threads, and no processes; without clone3 the C library falls back to clone."""
    rules = [(_LOAD, 0, 0, _ARCHITECTURE), (_IS, 1, 0, architecture), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _NUMBER)]
    for number in never:
        rules += [(_IS, 0, 1, number), (_RETURN, 0, 0, _REFUSE | _EPERM)]
    rules += [(_IS, 0, 1, clone3), (_RETURN, 0, 0, _REFUSE | _ENOSYS)]
    rules += [(_IS, 0, 3, clone), (_LOAD, 0, 0, _FIRST_ARGUMENT), (_HAS, 1, 0, CLONE_THREAD)]
    rules += [(_RETURN, 0, 0, _REFUSE | _EPERM), (_RETURN, 0, 0, _ALLOW)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
    # struct sock_fprog; the filter needs no privilege once new ones are given up
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(rules), ctypes.addressof(program)))
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(head))


def _prctl(option: int, first: int, second: int = 0) -> None:
    call = ctypes.CDLL(None, use_errno=True).prctl
    if call(option, ctypes.c_ulong(first), ctypes.c_ulong(second), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), f"prctl({option})")
