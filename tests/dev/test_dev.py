#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of ./dev, the script that sets everything up: test_dev.py SOURCE_DIR

A copy of it runs on systems that are made up: os-release says which, and the programs that would change a system only
write down how they were called.
"""
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()

DEBIAN_12 = 'ID=debian\nVERSION_ID="12"\n'
DEBIAN_13 = 'ID=debian\nVERSION_ID="13"\n'
NEEDS_A_ROOT = {
    "Debian 12": DEBIAN_12,
    "Ubuntu 24.04": 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
    "Linux Mint": 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n',
}
NATIVE = {
    "Debian 13": (DEBIAN_13, "apt-get"),
    "Debian testing": ("ID=debian\n", "apt-get"),
    "Ubuntu 25.04": ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="25.04"\n', "apt-get"),
    "Ubuntu 26.04": ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="26.04"\n', "apt-get"),
    "Fedora 43": ("ID=fedora\nVERSION_ID=43\n", "dnf"),
    "Nobara": ('ID=nobara\nID_LIKE="fedora"\nVERSION_ID=41\n', "dnf"),
    "Arch": ("ID=arch\n", "pacman"),
    "Manjaro": ("ID=manjaro\nID_LIKE=arch\n", "pacman"),
    "CachyOS": ("ID=cachyos\nID_LIKE=arch\n", "pacman"),
}


class DevTest(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="satchel-dev-"))
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)
        self.project = self.place / "home" / "satchel"
        (self.project / "packaging").mkdir(parents=True)
        shutil.copy(SOURCE / "dev", self.project / "dev")
        shutil.copytree(SOURCE / "packaging" / "dependencies", self.project / "packaging" / "dependencies")
        self.tools = self.place / "tools"
        self.tools.mkdir()
        self.calls_file = self.place / "calls"
        self.calls_file.touch()
        self.installed = self.place / "installed"
        self.installed.mkdir()
        for name in ("apt-get", "dnf", "pacman", "systemctl", "cmake", "ctest", "bwrap"):
            self.tool(name, self.log(name))
        # Names that are not installed fail, as with the real ones; what an apt-get or a dnf installs is there then.
        self.tool("dpkg-query", f'test -e "{self.installed}/${{@: -1}}" && echo "install ok installed"')
        self.tool("rpm", f'test -e "{self.installed}/${{@: -1}}"')
        self.tool("apt-cache", "exit 0")
        self.tool("policy", "exit 0")
        self.tool("id", 'if [ "$1" = -u ]; then echo 0; else /usr/bin/id "$@"; fi')
        self.tool("sudo", self.log("sudo") + '; "$@"')
        self.tool(
            "debootstrap",
            self.log("debootstrap") + '; for d in usr/sbin etc/apt/apt.conf.d etc; do mkdir -p "$3/$d"; done;'
            'touch "$3/etc/passwd" "$3/etc/group"',
        )
        self.lists = self.place / "apt"
        (self.lists / "sources.list.d").mkdir(parents=True)
        (self.lists / "sources.list").write_text("deb http://mirror.example/debian bookworm main\n")
        self.program("build/dev/bin/satchel", self.log("satchel"))

    def tool(self, name, text):
        self.write(self.tools / name, text)

    def program(self, name, text):
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.write(path, text)

    @staticmethod
    def write(path, text):
        path.write_text("#!/usr/bin/env bash\n" + text + "\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)

    def log(self, name):
        return f'printf "%s\\n" "{name} $*" >> "{self.calls_file}"'

    def calls(self, name):
        lines = self.calls_file.read_text().splitlines()
        return [line[len(name) + 1 :] for line in lines if line.split(" ")[0] == name]

    def dev(self, *arguments, system=None, user=0, cwd=None, script=None, **environment):
        """What it said, and how it ended. system: the text of os-release; none: nothing is looked for."""
        clean = {
            "PATH": f"{self.tools}:{os.environ['PATH']}",
            "HOME": str(self.place / "home"),
            "SATCHEL_APT_LISTS": str(self.lists),
            "LC_ALL": "C.UTF-8",
        }
        if system is None:
            clean["SATCHEL_NATIVE"] = "1"
        else:
            (self.place / "os-release").write_text(system)
            clean["SATCHEL_OS_RELEASE"] = str(self.place / "os-release")
        if user != 0:
            self.tool("id", f'if [ "$1" = -u ]; then echo {user}; else /usr/bin/id "$@"; fi')
        clean.update({name: value for name, value in environment.items() if value is not None})
        return subprocess.run(
            [str(script or self.project / "dev"), *arguments],
            env=clean,
            cwd=cwd or self.project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )

    def packages(self, family, kind):
        lines = (SOURCE / "packaging" / "dependencies" / f"{family}-{kind}.txt").read_text().splitlines()
        return [line for line in lines if line and not line.startswith("#")]

    def test_help_fits_a_screen(self):
        run = self.dev("help")
        self.assertEqual(run.returncode, 0)
        lines = run.stdout.splitlines()
        self.assertLessEqual(len(lines), 24)
        self.assertLessEqual(max(map(len, lines)), 80)
        for command in ("run", "test", "bench", "soak", "build", "format", "lint", "shell", "clean-root"):
            self.assertIn(f"\n  {command} ", run.stdout)

    def test_says_which_commands_there_are(self):
        run = self.dev("biuld")
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("no command 'biuld'", run.stdout)
        self.assertIn("./dev COMMAND", run.stdout)

    def test_builds_natively_where_the_system_has_what_is_needed(self):
        for name, (system, installer) in NATIVE.items():
            with self.subTest(name):
                self.calls_file.write_text("")
                shutil.rmtree(self.place / "home" / ".cache", ignore_errors=True)
                run = self.dev("build", system=system)
                self.assertEqual(run.returncode, 0, run.stdout)
                family = {"apt-get": "debian", "dnf": "fedora", "pacman": "arch"}[installer]
                asked = " ".join(self.calls(installer)).split()
                for package in self.packages(family, "build"):
                    self.assertIn(package, asked)
                self.assertEqual(self.calls("debootstrap"), [])
                self.assertEqual(len([call for call in self.calls("cmake") if "--build" in call]), 1)
                # A second time nothing is looked for any more.
                self.calls_file.write_text("")
                self.assertEqual(self.dev("build", system=system).returncode, 0)
                self.assertEqual(self.calls(installer), [])

    def test_installs_only_what_is_missing(self):
        for package in self.packages("debian", "build"):
            if package != "libzstd-dev":
                (self.installed / package).touch()
        self.assertEqual(self.dev("build", system=DEBIAN_13).returncode, 0)
        self.assertEqual(
            [call for call in self.calls("apt-get") if call.startswith("install")],
            ["install -y -q --no-install-recommends libzstd-dev"],
        )

    def test_takes_the_compiler_tools_that_there_are(self):
        # A later system has other versions of them, which are found by the names without one.
        self.tool("apt-cache", 'case ${@: -1} in *-19*) exit 100 ;; esac')
        self.assertEqual(self.dev("build", system=DEBIAN_13).returncode, 0)
        asked = " ".join(self.calls("apt-get")).split()
        self.assertIn("clang-tidy", asked)
        self.assertIn("libclang-rt-dev", asked)
        self.assertNotIn("clang-tidy-19", asked)

    def test_installs_servers_only_for_what_needs_them(self):
        self.assertEqual(self.dev("build", system=DEBIAN_13).returncode, 0)
        self.assertNotIn("dovecot-pop3d", " ".join(self.calls("apt-get")))
        self.assertEqual(self.dev("shell", "true", system=DEBIAN_13).returncode, 0)
        self.assertIn("dovecot-pop3d", " ".join(self.calls("apt-get")))

    def test_asks_before_it_installs(self):
        run = self.dev("build", system=DEBIAN_13, user=1000)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("packages are missing", run.stdout)
        self.assertIn("no terminal to ask on", run.stdout)
        self.assertEqual(self.calls("apt-get"), [])
        # On a machine for tests there is nobody to ask.
        run = self.dev("build", system=DEBIAN_13, user=1000, CI="true")
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertTrue(any("apt-get install" in call for call in self.calls("sudo")))

    def test_makes_a_build_root_on_an_older_debian(self):
        for name, system in NEEDS_A_ROOT.items():
            with self.subTest(name):
                self.calls_file.write_text("")
                shutil.rmtree(self.place / "home" / ".cache", ignore_errors=True)
                run = self.dev("build", system=system)
                self.assertNotIn("command not found", run.stdout)
                self.assertEqual(run.returncode, 0, run.stdout)
                self.assertEqual(len(self.calls("debootstrap")), 1)
                self.assertIn("http://mirror.example/debian", self.calls("debootstrap")[0])
                self.assertEqual(self.calls("cmake"), []) # it goes on inside
                self.assertTrue(self.calls("bwrap")[-1].endswith(f"{self.project}/dev build"))
                # The next time it goes straight in.
                self.calls_file.write_text("")
                self.assertEqual(self.dev("build", system=system).returncode, 0)
                self.assertEqual(self.calls("debootstrap"), [])
                self.assertEqual(len(self.calls("bwrap")), 1)

    def test_takes_the_mirror_of_the_system_in_every_spelling(self):
        spellings = {
            "sources.list": "deb [signed-by=/x.gpg] http://one.example/debian bookworm main\n",
            "sources.list.d/mine.list": "deb http://one.example/debian bookworm main\n",
            "sources.list.d/debian.sources": "Types: deb\nURIs: http://one.example/debian\nSuites: bookworm\n",
        }
        for name, text in spellings.items():
            with self.subTest(name):
                self.calls_file.write_text("")
                shutil.rmtree(self.place / "home" / ".cache", ignore_errors=True)
                for file in spellings:
                    (self.lists / file).unlink(missing_ok=True)
                (self.lists / name).write_text(text)
                run = self.dev("build", system=DEBIAN_12)
                self.assertEqual(run.returncode, 0, run.stdout)
                self.assertTrue(self.calls("debootstrap")[0].endswith(" http://one.example/debian"))

    def test_asks_for_a_mirror_where_the_system_has_none_of_debian(self):
        (self.lists / "sources.list").write_text("deb http://one.example/ubuntu noble main\n")
        run = self.dev("build", system=NEEDS_A_ROOT["Ubuntu 24.04"])
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("SATCHEL_DEBIAN_MIRROR", run.stdout)
        run = self.dev(
            "build", system=NEEDS_A_ROOT["Ubuntu 24.04"], SATCHEL_DEBIAN_MIRROR="http://two.example/debian"
        )
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertTrue(self.calls("debootstrap")[0].endswith(" http://two.example/debian"))

    def test_says_that_a_build_root_is_to_be_made(self):
        run = self.dev("build", system=DEBIAN_12, user=1000)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("build root of about 2 GB", run.stdout)
        self.assertEqual(self.calls("debootstrap"), [])

    def test_survives_an_interrupted_set_up(self):
        whole = (self.tools / "debootstrap").read_text()
        self.tool("debootstrap", self.log("debootstrap") + '; mkdir -p "$3/half"; echo "E: no network"; exit 1')
        run = self.dev("build", system=DEBIAN_12)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("no network", run.stdout)
        self.assertIn("same command again", run.stdout)
        (self.tools / "debootstrap").write_text(whole)
        # Then the packages: the root is there, and what is in it is not complete.
        self.tool("bwrap", self.log("bwrap") + '; case $* in *apt-get*) echo "E: disk full"; exit 100 ;; esac')
        run = self.dev("build", system=DEBIAN_12)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("disk full", run.stdout)
        self.assertFalse((self.place / "home/.cache/satchel/debian-13/half").exists())
        self.tool("bwrap", self.log("bwrap"))
        self.calls_file.write_text("")
        run = self.dev("build", system=DEBIAN_12)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual(self.calls("debootstrap"), []) # that part was whole
        self.assertEqual(len([call for call in self.calls("bwrap") if "apt-get install" in call]), 1)

    def test_works_from_any_folder_and_through_a_link(self):
        link = self.place / "link"
        link.symlink_to(self.project / "dev")
        elsewhere = pathlib.Path(tempfile.mkdtemp(prefix="satchel-dev-elsewhere-"))
        self.addCleanup(shutil.rmtree, elsewhere, ignore_errors=True)
        run = self.dev("build", cwd=elsewhere, script=link)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertTrue(any(f"--build {self.project}/build/dev" in call for call in self.calls("cmake")))
        # In the build root, a folder that is not there is put there for root, and left for everybody else.
        self.assertEqual(self.dev("build", system=DEBIAN_12).returncode, 0)
        root = self.place / "home/.cache/satchel/debian-13"
        outside = pathlib.Path("/var/lib")
        run = self.dev("build", system=DEBIAN_12, cwd=outside)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("--bind /var/lib /var/lib", self.calls("bwrap")[-1])
        self.assertIn("--chdir /var/lib ", self.calls("bwrap")[-1])
        shutil.rmtree(root / "var")
        run = self.dev("build", system=DEBIAN_12, cwd=outside, user=1000)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("/var/lib is not seen", run.stdout)
        self.assertIn(f"--chdir {self.project} ", self.calls("bwrap")[-1])

    def test_hands_on_what_steers_the_tests(self):
        run = self.dev("test", system=DEBIAN_12, SATCHEL_SEED="7", SATCHEL_KILLS="99", QT_SCALE_FACTOR="2", OTHER="x")
        self.assertEqual(run.returncode, 0, run.stdout)
        inside = self.calls("bwrap")[-1]
        for wanted in ("--setenv SATCHEL_SEED 7", "--setenv SATCHEL_KILLS 99", "--setenv QT_SCALE_FACTOR 2"):
            self.assertIn(wanted, inside)
        self.assertNotIn("OTHER", inside)

    def test_says_how_to_get_pictures_without_a_display(self):
        for arguments in (("run",), ("run", "--demo"), ("run", "mail.eml")):
            run = self.dev(*arguments)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn("./dev run --demo --screenshot DIR", run.stdout)
        self.assertEqual(self.calls("satchel"), [])

    def test_needs_no_display_where_no_window_opens(self):
        for arguments in (("--fetch",), ("--check",), ("--repair",), ("--help",), ("--version",)):
            self.calls_file.write_text("")
            run = self.dev("run", *arguments)
            self.assertEqual(run.returncode, 0, run.stdout)
            self.assertEqual(self.calls("satchel"), [" ".join(arguments)])
        self.calls_file.write_text("")
        self.assertEqual(self.dev("run", QT_QPA_PLATFORM="offscreen").returncode, 0)
        self.assertEqual(len(self.calls("satchel")), 1)

    def test_hands_arguments_to_the_program_and_its_status_back(self):
        self.program("build/dev/bin/satchel", self.log("satchel") + "; exit 3")
        run = self.dev("run", "--check", "--profile", "a b")
        self.assertEqual(run.returncode, 3)
        self.assertEqual(self.calls("satchel"), ["--check --profile a b"])

    def test_knows_no_other_system_but_tries(self):
        run = self.dev("build", system='ID=opensuse-tumbleweed\nID_LIKE="opensuse suse"\n')
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("building with what is there", run.stdout)


if __name__ == "__main__":
    unittest.main()
