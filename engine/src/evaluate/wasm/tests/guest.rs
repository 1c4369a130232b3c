//! Guests: a core module in text, made a component by the contract.
//!
//! One module does everything. For each rule that it is asked for it looks at the first letter of the
//! last word of the id: a letter with an answer gives that, another misbehaves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Where data begins.
const BASE: usize = 4096;
/// Where 256 addresses of answers are, one for each letter.
const TABLE: usize = 1024;
/// Pages of memory to begin with, each of 64 KiB.
const PAGES: usize = 32;

/// A component by the contract of a core module, in text or bytes.
pub(crate) fn component(core: &str) -> Vec<u8> {
    // Tests of other crates use this file, too.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let contract = above.map(|at| at.join("sdk/wit/v1")).find(|at| at.is_dir()).unwrap();
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(contract).unwrap();
    let world = resolve.select_world(&[package], Some("plugin")).unwrap();
    let mut module = wat::parse_str(core).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}

/// What a guest returns, laid out as the canonical ABI has it.
pub(crate) struct Guest {
    data: Vec<u8>,
    answers: BTreeMap<u8, usize>,
    describe: usize,
    /// Text of the module that stands before everything else.
    pub(crate) start: &'static str,
    /// What `describe` does before it returns.
    pub(crate) describing: &'static str,
}

/// A finding without related places.
#[derive(Default)]
pub(crate) struct Finding<'a> {
    pub(crate) loc: u32,
    pub(crate) field: Option<&'a [u8]>,
    pub(crate) item: Option<u32>,
    pub(crate) message: &'a [u8],
    pub(crate) subject: Option<u32>,
    pub(crate) level: Option<&'a [u8]>,
}

impl Guest {
    pub(crate) fn new(description: &str) -> Guest {
        Guest::describing(description.as_bytes())
    }

    /// A guest whose description is these bytes.
    pub(crate) fn describing(description: &[u8]) -> Guest {
        let mut guest = Guest {
            data: Vec::new(),
            answers: BTreeMap::new(),
            describe: 0,
            start: "",
            describing: "",
        };
        let at = guest.put(description);
        guest.describe = guest.put(&words(&[at, description.len()]));
        guest
    }

    fn put(&mut self, bytes: &[u8]) -> usize {
        self.data.resize(self.data.len().next_multiple_of(4), 0);
        let at = BASE + self.data.len();
        self.data.extend(bytes);
        at
    }

    fn text(&mut self, text: &[u8]) -> [usize; 2] {
        [self.put(text), text.len()]
    }

    fn optional_text(&mut self, text: Option<&[u8]>) -> [usize; 3] {
        let [at, length] = text.map(|text| self.text(text)).unwrap_or_default();
        [usize::from(text.is_some()), at, length]
    }

    /// The rules with this letter find these.
    pub(crate) fn finds(self, letter: char, findings: &[Finding<'_>]) -> Guest {
        self.verdict(letter, findings, &[])
    }

    pub(crate) fn verdict(
        mut self,
        letter: char,
        findings: &[Finding<'_>],
        unknowns: &[(u32, &str)],
    ) -> Guest {
        let mut list = Vec::new();
        for finding in findings {
            list.push(finding.loc as usize);
            list.extend(self.optional_text(finding.field));
            list.extend(optional(finding.item));
            list.extend(self.text(finding.message));
            list.extend(optional(finding.subject));
            list.extend(self.optional_text(finding.level));
            list.extend([0, 0]);
        }
        let at = self.put(&words(&list));
        let mut unknown = Vec::new();
        for (subject, reason) in unknowns {
            unknown.push(*subject as usize);
            unknown.extend(self.text(reason.as_bytes()));
        }
        let unknown_at = self.put(&words(&unknown));
        self.answers(letter, &[0, at, findings.len(), unknown_at, unknowns.len()])
    }

    /// The rules with this letter cannot judge.
    pub(crate) fn refuses(mut self, letter: char, reason: &str) -> Guest {
        let [at, length] = self.text(reason.as_bytes());
        self.answers(letter, &[1, at, length, 0, 0])
    }

    /// The rules with this letter return these five words: which of the two it is, and two lists.
    pub(crate) fn answers(mut self, letter: char, answer: &[usize; 5]) -> Guest {
        let at = self.put(&words(answer));
        self.answers.insert(letter as u8, at);
        self
    }

    /// The rules with this letter return whatever these bytes are: five words, and memory behind.
    pub(crate) fn raw(mut self, letter: char, bytes: &[u8]) -> Guest {
        let at = self.put(bytes);
        self.data.resize(self.data.len().max(at - BASE + 20), 0);
        self.answers.insert(letter as u8, at);
        self
    }

    pub(crate) fn core(&self) -> String {
        let mut table = [0_usize; 256];
        for (letter, at) in &self.answers {
            table[usize::from(*letter)] = *at;
        }
        let heap = (BASE + self.data.len()).next_multiple_of(8);
        assert!(heap < PAGES << 16, "the data fits the memory");
        let (table, data) = (escaped(&words(&table)), escaped(&self.data));
        let Guest { describe, start, describing, .. } = self;
        format!(
            r#"(module
  (import "$root" "log" (func $log (param i32 i32 i32)))
  {start}
  (memory (export "memory") {PAGES})
  (table $table 1 funcref)
  (global $heap (mut i32) (i32.const {heap}))
  (global $calls (mut i32) (i32.const 0))
  (global $less (mut i32) (i32.const 0))
  (data (i32.const 16) "the last words")
  (data (i32.const {TABLE}) "{table}")
  (data (i32.const {BASE}) "{data}")
  (func $alloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get 3)))
    (if (i32.gt_u (global.get $heap) (i32.shl (memory.size) (i32.const 16))) (then
      (drop (memory.grow (i32.add (i32.shr_u (local.get 3) (i32.const 16)) (i32.const 1))))))
    (local.get $at))
  (func (export "describe") (result i32) {describing} (i32.const {describe}))
  (func $deep (param i32) (result i32)
    (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (elem declare func $leave)
  (func $leave (local $at i32) (local $end i32)
    (local.set $at (i32.shl (memory.grow (i32.const 32)) (i32.const 16)))
    (local.set $end (i32.shl (memory.size) (i32.const 16)))
    (if (i32.ne (local.get $end) (i32.const {grown})) (then (unreachable)))
    (loop $on
      (if (i32.load (local.get $at)) (then (unreachable)))
      (i32.store (local.get $at) (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 4096)))
      (br_if $on (i32.lt_u (local.get $at) (local.get $end))))
    (if (i32.load (i32.const {TABLE})) (then (unreachable)))
    (i32.store (i32.const {TABLE}) (i32.const 1))
    (if (i32.eqz (ref.is_null (table.get $table (i32.const 0)))) (then (unreachable)))
    (table.set $table (i32.const 0) (ref.func $leave))
    (if (i32.ne (table.grow $table (ref.func $leave) (i32.const 9)) (i32.const 1)) (then
      (unreachable))))
  (func $misbehave (param $letter i32)
    (if (i32.eq (local.get $letter) (i32.const {loop_})) (then (loop $on (br $on))))
    (if (i32.eq (local.get $letter) (i32.const {memory})) (then
      (loop $on (drop (memory.grow (i32.const 16))) (br $on))))
    (if (i32.eq (local.get $letter) (i32.const {table_})) (then
      (loop $on (drop (table.grow $table (ref.null func) (i32.const 1000))) (br $on))))
    (if (i32.eq (local.get $letter) (i32.const {recursion})) (then
      (drop (call $deep (i32.const 0)))))
    (if (i32.eq (local.get $letter) (i32.const {panic})) (then
      (call $log (i32.const 3) (i32.const 16) (i32.const 14)) (unreachable)))
    (if (i32.eq (local.get $letter) (i32.const {outside})) (then
      (drop (i32.load (i32.const -8)))))
    (if (i32.eq (local.get $letter) (i32.const {zero})) (then
      (drop (i32.div_u (i32.const 1) (global.get $less)))))
    (unreachable))
  (func (export "check") (param $facts i32) (param $length i32) (param $rules i32) (param $count i32)
    (result i32)
    (local $at i32) (local $out i32) (local $letter i32) (local $answer i32)
    (local.set $out (call $alloc (i32.const 0) (i32.const 0) (i32.const 4)
      (i32.add (i32.mul (local.get $count) (i32.const 20)) (i32.const 8))))
    (block $done (loop $next
      (br_if $done (i32.eq (local.get $at) (local.get $count)))
      (local.set $letter (i32.load8_u (i32.add (i32.const 6)
        (i32.load (i32.add (local.get $rules) (i32.shl (local.get $at) (i32.const 4)))))))
      ;; What is good the second time only.
      (if (i32.eq (local.get $letter) (i32.const {second})) (then
        (if (i32.eqz (global.get $calls)) (then (global.set $calls (i32.const 1)) (unreachable)))))
      ;; What is good where nothing is left of a call before.
      (if (i32.eq (local.get $letter) (i32.const {keep})) (then (call $leave)))
      ;; What has one answer too few.
      (if (i32.eq (local.get $letter) (i32.const {few})) (then (global.set $less (i32.const 1))))
      ;; What needs room for what it says.
      (if (i32.eq (local.get $letter) (i32.const {huge})) (then
        (drop (memory.grow (i32.const 960)))))
      (local.set $answer (i32.load (i32.add (i32.const {TABLE})
        (i32.shl (local.get $letter) (i32.const 2)))))
      (if (i32.eqz (local.get $answer)) (then (call $misbehave (local.get $letter))))
      (memory.copy
        (i32.add (local.get $out) (i32.add (i32.const 8) (i32.mul (local.get $at) (i32.const 20))))
        (local.get $answer) (i32.const 20))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (i32.store (local.get $out) (i32.add (local.get $out) (i32.const 8)))
    (i32.store offset=4 (local.get $out) (i32.sub (local.get $count) (global.get $less)))
    (local.get $out)))"#,
            loop_ = b'l' as i32,
            memory = b'm' as i32,
            table_ = b't' as i32,
            recursion = b'r' as i32,
            panic = b'p' as i32,
            outside = b'o' as i32,
            zero = b'z' as i32,
            second = b's' as i32,
            few = b'f' as i32,
            keep = b'k' as i32,
            grown = 64 << 16,
            huge = b'h' as i32,
        )
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        component(&self.core())
    }
}

fn optional(value: Option<u32>) -> [usize; 2] {
    [usize::from(value.is_some()), value.unwrap_or_default() as usize]
}

fn words(values: &[usize]) -> Vec<u8> {
    values.iter().flat_map(|value| u32::try_from(*value).unwrap().to_le_bytes()).collect()
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "\\{byte:02x}");
        text
    })
}
