"""What an image holds is what uv found that its service needs, each package with its hashes."""

import pytest

from tools import closure

LOCK = """\
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:aa \\
    --hash=sha256:ab
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:bb
pluggy==1.7.0 \\
    --hash=sha256:cc
"""
IMAGES = """\
# made by a machine

[build]
pluggy==1.7.0

[social]
./plugins/sdk
./services/social
numpy==2.4.6 ; python_full_version < '3.12'
numpy==2.5.5 ; python_full_version >= '3.12'
"""


def test_members_and_packages_are_told_apart() -> None:
    found = closure.closures(IMAGES)
    assert found["social"].members == ("plugins/sdk", "services/social")
    assert found["build"] == closure.Closure((), ("pluggy==1.7.0",))


def test_each_version_gets_its_own_hashes_and_the_marker_of_the_image() -> None:
    written = closure.requirements(closure.closures(IMAGES)["social"], LOCK)
    assert written == LOCK[: LOCK.index("pluggy")]


def test_package_without_hashes_is_refused() -> None:
    other = IMAGES.replace("pluggy==1.7.0", "pluggy==1.8.0")
    with pytest.raises(closure.NotLocked, match="make lock"):
        closure.requirements(closure.closures(other)["build"], LOCK)
