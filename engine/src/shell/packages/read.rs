//! The arguments of a package manager, read by its row of the table.

use super::super::{Command, Word};
use super::table::{Effect, MANAGERS, Options, Row};
use super::{Action, Manager, Package, PackageKind, PackageOperation, names};

pub(super) fn operation(command: &Command) -> Option<PackageOperation> {
    let program = command.program();
    let (row, skip) = front(program, &command.args)?;
    let mut reader = Reader {
        row,
        args: &command.args,
        operation: PackageOperation {
            manager: row.manager,
            program: program.to_owned(),
            action: Action::Other,
            subcommand: None,
            packages: Vec::new(),
            virtual_package: None,
            assume_yes: false,
            no_recommends: false,
            no_cache: false,
            update: false,
            upgrade: false,
            dry_run: false,
            global: false,
        },
        first: None,
        decided: row.subcommands.is_empty(),
        operands: Vec::new(),
        requirements: Vec::new(),
        version: None,
        letters: String::new(),
        kind: None,
        quiet: 0,
    };
    reader.read(skip);
    Some(reader.finish())
}

/// The row of a program, and how many arguments belong to its name.
fn front(program: &str, args: &[Word]) -> Option<(&'static Row, usize)> {
    let text = |index: usize| args.get(index).map(|word| word.text.as_str());
    let (program, skip) = match program {
        "uv" if text(0) == Some("pip") => ("pip", 1),
        _ if is_python(program, "python") => {
            let flag = args.iter().position(|word| word.text == "-m")?;
            let options = args.iter().take(flag).all(|word| word.text.starts_with('-'));
            if !options || text(flag + 1) != Some("pip") {
                return None;
            }
            ("pip", flag + 2)
        }
        _ if is_python(program, "pip") => ("pip", 0),
        _ => (program, 0),
    };
    let row = MANAGERS.iter().find(|row| row.programs.contains(&program))?;
    Some((row, skip))
}

/// Whether a program is `stem` with a version: `python3.12`.
fn is_python(program: &str, stem: &str) -> bool {
    program
        .strip_prefix(stem)
        .is_some_and(|version| version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

struct Reader<'c> {
    row: &'static Row,
    args: &'c [Word],
    operation: PackageOperation,
    /// The first word of what may be a subcommand of two.
    first: Option<usize>,
    decided: bool,
    operands: Vec<usize>,
    requirements: Vec<usize>,
    version: Option<String>,
    /// Short options, for managers whose operation is one.
    letters: String,
    kind: Option<PackageKind>,
    quiet: usize,
}

impl<'c> Reader<'c> {
    fn text(&self, index: usize) -> Option<&'c str> {
        self.args.get(index).map(|word| word.text.as_str())
    }

    fn read(&mut self, skip: usize) {
        let mut at = skip;
        let mut options = true;
        while let Some(text) = self.text(at) {
            if options && text == "--" {
                options = false;
            } else if options && text.len() > 1 && text.starts_with('-') {
                at += self.option(text, at);
            } else {
                self.operand(at);
            }
            at += 1;
        }
        if let Some(first) = self.first.take() {
            self.decide(first, None);
        }
    }

    /// The options that are understood at this point.
    fn options(&self) -> Options {
        if self.decided || self.row.global.is_empty() { self.row.options } else { self.row.global }
    }

    /// Reads the option at `at`; says how many further arguments are its value.
    fn option(&mut self, text: &str, at: usize) -> usize {
        let (name, attached) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        if text.starts_with("--") || self.row.long_dash {
            let Some(effect) = find(self.options(), name) else { return 0 };
            return self.apply(effect, at, attached);
        }
        for (offset, letter) in text.char_indices().skip(1) {
            self.letters.push(letter);
            let name = format!("-{letter}");
            let Some(effect) = find(self.options(), &name) else { continue };
            let rest = text.get(offset + letter.len_utf8()..).unwrap_or_default();
            if effect.takes_value() {
                let value = rest.strip_prefix('=').unwrap_or(rest);
                return self.apply(effect, at, Some(value).filter(|value| !value.is_empty()));
            }
            self.apply(effect, at, None);
            if let Some(level) = rest.strip_prefix('=') {
                if let (Effect::Quiet, Ok(level)) = (effect, level.parse::<u8>()) {
                    self.quiet = usize::from(level);
                }
                return 0;
            }
        }
        0
    }

    /// Does what an option says; its value is attached to it or the next argument.
    fn apply(&mut self, effect: Effect, at: usize, attached: Option<&str>) -> usize {
        let width = usize::from(effect.takes_value() && attached.is_none());
        let value_at = at + width;
        let value = attached.or_else(|| self.text(at + 1).filter(|_| width == 1));
        let value = value.unwrap_or_default();
        let off = attached.is_some_and(is_false);
        let operation = &mut self.operation;
        match effect {
            Effect::Yes => operation.assume_yes = !off,
            Effect::NoRecommends => operation.no_recommends = !off,
            Effect::NoCache => operation.no_cache = !off,
            Effect::Update => operation.update = true,
            Effect::Upgrade => operation.upgrade = true,
            Effect::DryRun => operation.dry_run = true,
            Effect::Global => operation.global = !off,
            Effect::Quiet => self.quiet += 1,
            Effect::Virtual => operation.virtual_package = Some(value.to_owned()),
            Effect::Version => self.version = Some(value.to_owned()),
            Effect::Setting => self.setting(value),
            Effect::Requirements => self.requirements.push(value_at),
            Effect::Package => self.operands.push(value_at),
            Effect::Kind if matches!(value, "pattern" | "product") => {
                self.kind = Some(PackageKind::Group);
            }
            Effect::Kind | Effect::Value => {}
            Effect::Does(action) => self.does(action),
        }
        width
    }

    /// An option is the operation: a query wins, as it does in `rpm -qi`.
    fn does(&mut self, action: Action) {
        let known = self.operation.subcommand.is_some();
        if !known || action == Action::Other {
            self.operation.action = action;
            self.operation.subcommand = Some(action.as_str().to_owned());
        }
    }

    /// `apt-get -o Name=value`, `dnf --setopt=name=value`.
    fn setting(&mut self, value: &str) {
        let (name, value) = value.split_once('=').unwrap_or((value, ""));
        let operation = &mut self.operation;
        match name.to_ascii_lowercase().as_str() {
            "apt::install-recommends" | "install_weak_deps" => {
                operation.no_recommends = is_false(value);
            }
            "apt::get::assume-yes" | "assumeyes" => operation.assume_yes = !is_false(value),
            "keepcache" => operation.no_cache = is_false(value),
            _ => {}
        }
    }

    fn operand(&mut self, at: usize) {
        if self.decided {
            self.operands.push(at);
            return;
        }
        let Some(word) = self.args.get(at) else { return };
        if let Some(first) = self.first.take() {
            self.decide(first, Some(at));
        } else if word.text.starts_with('$') && word.expands
            || (self.row.manager == Manager::Cargo && word.text.starts_with('+'))
        {
            // Options in a variable, or a toolchain; the subcommand follows.
        } else if self.row.subcommands.iter().any(|(names, _)| begins(names, &word.text)) {
            self.first = Some(at);
        } else {
            self.decide(at, None);
        }
    }

    /// Settles the subcommand from one or two words.
    fn decide(&mut self, first: usize, second: Option<usize>) {
        self.decided = true;
        let one = self.text(first).unwrap_or_default();
        let two = second.and_then(|second| Some(format!("{one} {}", self.text(second)?)));
        let action = |name: &str| {
            let row = self.row.subcommands.iter().find(|(names, _)| has(names, name));
            row.map(|&(_, action)| action)
        };
        if let Some((name, action)) = two.and_then(|two| Some((two.clone(), action(&two)?))) {
            self.operation.global |= name.starts_with("global ");
            self.operation.subcommand = Some(name);
            self.operation.action = action;
            return;
        }
        self.operation.action = action(one).unwrap_or(Action::Other);
        self.operation.subcommand = Some(one.to_owned());
        self.operands.extend(second);
    }

    fn finish(mut self) -> PackageOperation {
        if self.operation.subcommand.is_none()
            && let Some(action) = self.row.bare
        {
            self.operation.action = action;
        }
        if self.row.manager == Manager::Pacman {
            self.pacman();
            self.operation.subcommand = None;
        } else if self.row.subcommands.is_empty() {
            self.operation.subcommand = None;
        }
        if self.row.manager == Manager::Apt {
            // apt-get(8): quiet level 2 implies -y.
            self.operation.assume_yes |= self.quiet >= 2;
        }
        let action = self.operation.action;
        if matches!(action, Action::Install | Action::Remove | Action::Upgrade) {
            self.operation.packages = self.packages();
        }
        self.operation
    }

    /// What `-S` does depends on the letters with it: pacman(8).
    fn pacman(&mut self) {
        let has = |letter: char| self.letters.contains(letter);
        let operation = &mut self.operation;
        if operation.action != Action::Install || has('U') {
            // The same letters mean other things to `-R` and `-U`.
            (operation.update, operation.upgrade) = (false, false);
            return;
        }
        operation.action = if has('c') {
            Action::Clean
        } else if ['s', 'i', 'l', 'g'].into_iter().any(has) {
            Action::Other
        } else if !self.operands.is_empty() {
            Action::Install
        } else if operation.upgrade {
            Action::Upgrade
        } else if operation.update {
            Action::UpdateIndex
        } else {
            Action::Install
        };
        operation.dry_run |= has('w') || has('p');
    }

    fn packages(&self) -> Vec<Package> {
        let group = self.operation.subcommand.as_deref().is_some_and(|name| {
            name.starts_with("group") || name.starts_with("module") || name == "environment"
        });
        let kind = if group { Some(PackageKind::Group) } else { self.kind };
        let operands = self.operands.iter().filter_map(|&at| {
            let mut package = names::package(self.row.manager, self.args.get(at)?, at)?;
            if package.kind == PackageKind::Name {
                package.kind = kind.unwrap_or(PackageKind::Name);
                if let (Some(version), None) = (&self.version, &package.version) {
                    (package.version, package.exact) = names::option_version(version);
                }
            }
            Some(package)
        });
        let requirements = self
            .requirements
            .iter()
            .filter_map(|&at| Some(names::requirements(self.args.get(at)?, at)));
        let mut packages: Vec<Package> = operands.chain(requirements).collect();
        packages.sort_by_key(|package| package.arg_index);
        packages
    }
}

fn is_false(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "false" | "0" | "no" | "off" | "n" | "f" | "without"
    )
}

fn find(options: Options, name: &str) -> Option<Effect> {
    let row = options.iter().find(|(names, _)| names.split_ascii_whitespace().any(|n| n == name));
    row.map(|&(_, effect)| effect)
}

/// Whether a list of subcommands separated by commas has this one.
fn has(names: &str, name: &str) -> bool {
    names.split(',').any(|entry| entry.trim() == name)
}

/// Whether one of the subcommands has this as the first of two words.
fn begins(names: &str, word: &str) -> bool {
    names
        .split(',')
        .any(|entry| entry.trim().split_once(' ').is_some_and(|(first, _)| first == word))
}
