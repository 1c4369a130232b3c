//! The commands that run another command, and how their own arguments end.

use super::Dialect;

/// How one wrapper reads its arguments.
pub(super) struct Wrapper {
    /// Program names, separated by blanks.
    pub(super) names: &'static str,
    /// Options that take a value, separated by blanks; short ones may have it attached.
    pub(super) values: &'static str,
    /// Options with which it runs no command.
    pub(super) none: &'static str,
    /// Operands before the command.
    pub(super) operands: usize,
    /// Whether `NAME=value` may come before the command.
    pub(super) assignments: bool,
}

const fn plain(names: &'static str, values: &'static str, operands: usize) -> Wrapper {
    Wrapper { names, values, none: "", operands, assignments: false }
}

/// Options as in the manual of each program.
pub(super) const WRAPPERS: &[Wrapper] = &[
    Wrapper {
        names: "sudo",
        values: "-C --close-from -D --chdir -g --group -h --host -p --prompt -R --chroot -r --role \
                 -T --command-timeout -t --type -U --other-user -u --user",
        none: "-l --list -v --validate -V --version -K --remove-timestamp -e --edit",
        operands: 0,
        assignments: true,
    },
    Wrapper {
        names: "env",
        values: "-u --unset -C --chdir -S --split-string",
        none: "--version --help",
        operands: 0,
        assignments: true,
    },
    Wrapper { names: "command", values: "", none: "-v -V", operands: 0, assignments: false },
    plain("exec", "-a", 0),
    plain("builtin nohup setsid busybox eatmydata fakeroot", "", 0),
    plain("time", "-f --format -o --output", 0),
    plain("nice", "-n --adjustment", 0),
    plain("ionice", "-c --class -n --classdata", 0),
    plain("stdbuf", "-i --input -o --output -e --error", 0),
    plain("timeout", "-k --kill-after -s --signal", 1),
    plain("doas", "-C -u", 0),
    plain("gosu su-exec", "", 1),
    plain(
        "setpriv",
        "--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits",
        0,
    ),
    plain("chroot", "--userspec --groups", 1),
    plain("chpst", "-u -U -b -e -/ -n -l -L -m -d -o -p -f -c -r -t", 0),
    plain("tini", "-p -e", 0),
    plain("dumb-init", "-r --rewrite", 0),
    plain("unshare", "-S --setuid -G --setgid -R --root -w --wd", 0),
    plain(
        "xargs",
        "-a --arg-file -d --delimiter -E -I -L --max-lines -n --max-args -P --max-procs \
         -s --max-chars --process-slot-var",
        0,
    ),
    plain("flock", "-w --wait --timeout -E --conflict-exit-code", 1),
];

/// Options of `su` and `runuser` that take a value; `-c` holds a script.
pub(super) const SU_VALUES: &str =
    "-s --shell -g --group -G --supp-group -w --whitelist-environment -T";

/// A program that reads a script from an argument.
pub(super) struct Interpreter {
    /// Program names, separated by blanks.
    pub(super) names: &'static str,
    /// The language of the script.
    pub(super) dialect: Dialect,
}

/// The shells.
pub(super) const INTERPRETERS: &[Interpreter] = &[
    Interpreter { names: "sh bash dash ash ksh mksh zsh", dialect: Dialect::Posix },
    Interpreter { names: "cmd cmd.exe", dialect: Dialect::Cmd },
    Interpreter { names: "powershell powershell.exe pwsh pwsh.exe", dialect: Dialect::PowerShell },
];

/// Whether a list of words separated by blanks has this one.
pub(super) fn lists(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split_ascii_whitespace().any(|entry| entry == word)
}
