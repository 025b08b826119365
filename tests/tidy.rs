//! House rules that a machine can check.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use redstart_tests::server::root;
use syn::visit::Visit;

const MAX_FILE_LINES: usize = 1000;
const MAX_FUNCTION_LINES: usize = 80;
/// The crates that may hold unsafe code.
const UNSAFE_CRATES: [&str; 2] = ["encoding", "sys"];

/// Files under version control or about to be.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    list.lines().map(|line| root().join(line)).filter(|path| path.is_file()).collect()
}

fn rust_files() -> Vec<PathBuf> {
    files().into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).expect("a listed file is readable")).into_owned()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn none(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

/// `crates/*` by folder name.
fn crates() -> BTreeMap<String, PathBuf> {
    let folders = std::fs::read_dir(root().join("crates")).expect("crates/ is there");
    folders
        .map(|entry| entry.expect("its entries are readable").path())
        .filter(|path| path.join("Cargo.toml").exists())
        .map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path))
        .collect()
}

fn crate_roots(folder: &Path) -> Vec<PathBuf> {
    ["src/lib.rs", "src/main.rs"].iter().map(|file| folder.join(file)).filter(|path| path.exists()).collect()
}

#[test]
fn files_are_not_too_long() {
    let long = rust_files().into_iter().filter_map(|path| {
        let lines = read(&path).lines().count();
        (lines > MAX_FILE_LINES).then(|| format!("{}: {lines} lines, at most {MAX_FILE_LINES}", shown(&path)))
    });
    none(&long.collect::<Vec<_>>());
}

#[derive(Default)]
struct Functions(Vec<(String, usize, usize)>);

impl Functions {
    fn note(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.ident.span().start().line;
        let last = block.brace_token.span.close().end().line;
        self.0.push((signature.ident.to_string(), first, last - first + 1));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.note(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.note(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.note(&function.sig, block);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

#[test]
fn functions_are_not_too_long() {
    let mut problems = Vec::new();
    for path in rust_files() {
        let parsed = match syn::parse_file(&read(&path)) {
            Ok(parsed) => parsed,
            Err(error) => {
                problems.push(format!("{}: {error}", shown(&path)));
                continue;
            }
        };
        let mut functions = Functions::default();
        functions.visit_file(&parsed);
        let long = functions.0.into_iter().filter(|(_, _, lines)| *lines > MAX_FUNCTION_LINES);
        problems.extend(long.map(|(name, line, lines)| {
            format!("{}:{line}: {name} has {lines} lines, at most {MAX_FUNCTION_LINES}", shown(&path))
        }));
    }
    none(&problems);
}

#[test]
fn unsafe_code_has_its_places() {
    let forbids = concat!("#![forbid(unsafe", "_code)]");
    let mut problems = Vec::new();
    for (name, folder) in crates() {
        for file in crate_roots(&folder) {
            let says = read(&file).contains(forbids);
            if !says && !UNSAFE_CRATES.contains(&name.as_str()) {
                problems.push(format!("{}: {forbids} is missing", shown(&file)));
            }
        }
    }
    none(&problems);
}

#[test]
fn nothing_is_left_for_later() {
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("dbg", "!("),
        concat!("unimplemented", "!("),
    ];
    let mut problems = Vec::new();
    for path in rust_files() {
        for (index, line) in read(&path).lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                problems.push(format!("{}:{}: {word}", shown(&path), index + 1));
            }
        }
    }
    none(&problems);
}

#[test]
fn ignored_tests_say_why() {
    let bare = concat!("#[ign", "ore]");
    let mut problems = Vec::new();
    for path in rust_files() {
        for (index, line) in read(&path).lines().enumerate() {
            if line.contains(bare) {
                problems.push(format!("{}:{}: {bare} without a reason", shown(&path), index + 1));
            }
        }
    }
    none(&problems);
}

/// A path that exists on one machine only has no place in the repository.
#[test]
fn no_path_of_a_machine() {
    let paths = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let mut problems = Vec::new();
    for path in files() {
        for (index, line) in read(&path).lines().enumerate() {
            if let Some(found) = paths.iter().find(|path| line.contains(**path)) {
                problems.push(format!("{}:{}: {found}", shown(&path), index + 1));
            }
        }
    }
    none(&problems);
}

#[test]
fn every_file_says_what_it_is() {
    let silent = rust_files().into_iter().filter(|path| {
        // Attributes may come first.
        !read(path)
            .lines()
            .take_while(|line| line.is_empty() || line.starts_with(['/', '#']))
            .any(|line| line.starts_with("//!"))
    });
    none(&silent.map(|path| format!("{}: no //! at its beginning", shown(&path))).collect::<Vec<_>>());
}

const MAX_LINE: usize = 120;

fn documents() -> Vec<PathBuf> {
    files().into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

#[test]
fn lines_of_documents_end_in_time() {
    let mut problems = Vec::new();
    for path in documents() {
        for (index, line) in read(&path).lines().enumerate() {
            let length = line.chars().count();
            if length > MAX_LINE {
                problems.push(format!("{}:{}: {length} characters, at most {MAX_LINE}", shown(&path), index + 1));
            }
        }
    }
    none(&problems);
}

/// Crates whose comments are not yet checked for wording and line length.
const UNCHECKED_COMMENTS: [&str; 5] = ["command", "commands", "encoding", "engine", "persistence"];

/// Idioms that a reader has to translate: a thread or client is "it" or has a role name, keys are evicted or expire,
/// locks are released, and code returns, reports or logs.
const BANNED_IDIOMS: [&str; 34] = [
    "anybody",
    "are gone",
    "are told",
    "bring the history",
    "brings the history",
    "deadly embrace",
    "goes by itself",
    "hear of",
    "hears",
    "in vain",
    "is gone",
    "is told",
    "it stands",
    "it tells",
    "let go",
    "lets go",
    "mend",
    "mends",
    "nobody",
    "somebody",
    "somebody's",
    "stand in",
    "stands",
    "stranger",
    "strangers",
    "take leave",
    "takes leave",
    "told",
    "tells others",
    "trouble",
    "went wrong",
    "who",
    "whoever",
    "whom",
];

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The words of a comment outside of backticks, in lower case, with one space before, between and after them.
fn words(comment: &str) -> String {
    let prose: String = comment.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let words = prose.split(|letter: char| !(letter.is_alphanumeric() || letter == '\''));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    format!(" {} ", words.join(" "))
}

fn is_of_unchecked_crate(path: &Path) -> bool {
    UNCHECKED_COMMENTS.iter().any(|name| shown(path).starts_with(&format!("crates/{name}/")))
}

#[test]
fn comments_use_the_fields_words() {
    let mut problems = Vec::new();
    let in_sources = |path: &PathBuf| shown(path).starts_with("crates/") && shown(path).contains("/src/");
    for path in rust_files().into_iter().filter(in_sources).filter(|path| !is_of_unchecked_crate(path)) {
        for (index, line) in read(&path).lines().enumerate().filter(|(_, line)| is_comment(line)) {
            let words = words(line);
            let banned = BANNED_IDIOMS.iter().filter(|idiom| words.contains(&format!(" {idiom} ")));
            problems.extend(banned.map(|idiom| format!("{}:{}: \"{idiom}\"", shown(&path), index + 1)));
        }
    }
    none(&problems);
}

/// rustfmt wraps code but not comments.
#[test]
fn lines_of_comments_end_in_time() {
    let mut problems = Vec::new();
    for path in rust_files().into_iter().filter(|path| !is_of_unchecked_crate(path)) {
        for (index, line) in read(&path).lines().enumerate().filter(|(_, line)| is_comment(line)) {
            let length = line.chars().count();
            if length > MAX_LINE {
                problems.push(format!("{}:{}: {length} characters, at most {MAX_LINE}", shown(&path), index + 1));
            }
        }
    }
    none(&problems);
}

/// What stands in parentheses behind `](`, outside of code.
fn links(text: &str) -> Vec<(usize, String)> {
    let (mut found, mut code) = (Vec::new(), false);
    for (index, line) in text.lines().enumerate() {
        code ^= line.trim_start().starts_with("```");
        for piece in line.split("](").skip(1).filter(|_| !code) {
            if let Some((target, _)) = piece.split_once(')') {
                found.push((index + 1, target.to_owned()));
            }
        }
    }
    found
}

/// The anchors of a document: its headings in lower case, without punctuation, with `-` for spaces.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let letters = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        letters.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_')).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut problems = Vec::new();
    for path in documents() {
        let text = read(&path);
        for (line, target) in links(&text).into_iter().filter(|(_, target)| !target.contains("://")) {
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let to = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            if !to.exists() {
                problems.push(format!("{}:{line}: there is no {file}", shown(&path)));
            } else if !anchor.is_empty() && !anchors(&read(&to)).contains(&anchor.to_owned()) {
                problems.push(format!("{}:{line}: there is no heading #{anchor} in {file}", shown(&path)));
            }
        }
    }
    none(&problems);
}

/// The root Cargo.toml lists the layers, lowest first; a crate missing there is above all of them.
fn layers() -> Vec<String> {
    read(&root().join("Cargo.toml"))
        .lines()
        .filter(|line| line.contains("path = \"crates/"))
        .filter_map(|line| line.split_once(" =").map(|(name, _)| name.trim().to_owned()))
        .collect()
}

fn package_name(manifest: &str) -> String {
    let name = manifest.lines().find_map(|line| line.strip_prefix("name = "));
    name.unwrap_or_default().trim_matches('"').to_owned()
}

/// Names of this workspace's crates under `[dependencies]`; tests may depend on what they like.
fn own_dependencies(manifest: &str) -> Vec<String> {
    let section = manifest.split("\n[").find_map(|section| section.strip_prefix("dependencies]"));
    let names = section.unwrap_or_default().lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| name.starts_with("redstart")).map(str::to_owned).collect()
}

#[test]
fn crates_depend_only_downwards() {
    let layers = layers();
    let rank = |name: &str| layers.iter().position(|layer| layer == name).unwrap_or(layers.len());
    let mut problems = Vec::new();
    for folder in crates().values() {
        let manifest = read(&folder.join("Cargo.toml"));
        let name = package_name(&manifest);
        for dependency in own_dependencies(&manifest) {
            if rank(&dependency) >= rank(&name) {
                problems.push(format!("{name} depends on {dependency}, which is not below it"));
            }
        }
    }
    none(&problems);
}

/// Directives that something reads though they are only accepted.
const READ_THOUGH_ACCEPTED: [&str; 11] = [
    // Clusters and replication come later: these are refused, shown or checked.
    "cluster-enabled",
    "replica-priority",
    "replicaof",
    "repl-backlog-size",
    "tls-cluster",
    "tls-replication",
    "tls-client-cert-file",
    "tls-client-key-file",
    "tls-client-key-file-pass",
    // INFO shows it.
    "hz",
    // Names a file, which is looked at; what is in it is not needed.
    "tls-dh-params-file",
];

/// Who sets a directive that has an effect is not to be told that it has none.
#[test]
fn directives_that_are_read_have_an_effect() {
    let (tables, others): (Vec<_>, Vec<_>) =
        rust_files().into_iter().partition(|path| shown(path).contains("config/src"));
    let code: String = others.iter().filter(|path| shown(path).contains("/src/")).map(|path| read(path)).collect();
    let words: std::collections::HashSet<&str> =
        code.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).collect();
    let tables: String = tables.iter().filter(|path| shown(path).contains("/table/")).map(|path| read(path)).collect();
    let mut problems = Vec::new();
    // Each piece is one directive, from its name on.
    for directive in tables.split("Directive::").filter(|piece| !piece.contains(".honoured(")) {
        let name = directive.split('"').nth(1).unwrap_or_default();
        let id = name.to_uppercase().replace('-', "_");
        if !name.is_empty() && words.contains(id.as_str()) && !READ_THOUGH_ACCEPTED.contains(&name) {
            problems.push(format!("{name} is read, so it is honoured"));
        }
    }
    none(&problems);
}

/// Lines of non-test code in `crates/*/src` that contain one of the words, but for the files that may.
fn code_with(words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut problems = Vec::new();
    let in_crates = |path: &PathBuf| shown(path).starts_with("crates/") && shown(path).contains("/src/");
    for path in rust_files().into_iter().filter(in_crates) {
        if allowed.contains(&shown(&path).as_str()) {
            continue;
        }
        for (index, line) in read(&path).lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                problems.push(format!("{}:{}: {word}", shown(&path), index + 1));
            }
        }
    }
    problems
}

/// Every handler runs through `Context::run`, which knows what belongs around it.
#[test]
fn one_function_calls_handlers() {
    none(&code_with(&["command.handler)("], &["crates/command/src/run.rs"]));
}

/// A command that is treated in a way of its own has a flag for it: names can be changed by `rename-command`.
#[test]
fn commands_are_recognised_by_flags() {
    let words = [
        "full_name == ",
        "full_name != ",
        "full_name.starts_with",
        "command_name() == ",
        "match context.command_name()",
    ];
    none(&code_with(&words, &[]));
}

/// Changes of keys are announced in one place; other callers of these would leave out a consumer.
#[test]
fn one_door_for_changes() {
    let words = [".touch_expired(", "tracking.invalidate(", "tracking.expired(", "tracking.flush("];
    none(&code_with(
        &words,
        &["crates/command/src/change.rs", "crates/keyspace/src/expiry.rs", "crates/keyspace/src/slot.rs"],
    ));
}
