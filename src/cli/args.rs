//! The command line: all of clap's types. Their doc comments are the help and `docs/cli.md`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Policy as code for cloud identities.
///
/// A policy is a sentence such as `deny role Contributor at subscription for managed_identity`. Dictum decides it over
/// what was captured of an Azure tenant, says which captured record proves each finding, and never passes what it
/// could not decide.
#[derive(Debug, Parser)]
#[command(name = "dictum", version, max_term_width = 100, after_help = AFTER_HELP, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 pass, 1 denied, 2 usage or policy error, 3 undecided, or incomplete or empty input, 4 bad waiver.

Start here:
  dictum init                                            write dictum.toml and a first policy with tests
  dictum inventory --capture-script bash > capture.sh    a script that captures a tenant
  dictum check -i CAPTURE                                the bundled policies over what it captured";

const EVERYWHERE: &str = "Options of every command";

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// When to use colours; `auto` is on a terminal, and heeds NO_COLOR, CLICOLOR and CLICOLOR_FORCE
    #[arg(long, global = true, help_heading = EVERYWHERE, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Say nothing but the result: no warnings, no notes, no progress
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub(crate) quiet: bool,
    /// The configuration to use instead of the dictum.toml of this folder or one above it
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long, global = true, help_heading = EVERYWHERE, conflicts_with = "config")]
    pub(crate) no_config: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(CheckArgs),
    Lint(LintArgs),
    Find(FindArgs),
    Paths(PathsArgs),
    Reach(ReachArgs),
    #[command(name = "who-can")]
    WhoCan(WhoCanArgs),
    Cut(CutArgs),
    Inventory(InventoryArgs),
    Test(TestArgs),
    Fmt(FmtArgs),
    Explain(ExplainArgs),
    Lock(LockArgs),
    Policies(PoliciesArgs),
    Init(InitArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Which capture, and what to believe of it.
#[derive(Args, Debug, Default)]
pub(crate) struct Captured {
    /// What was captured: a file, a folder, or `-` for standard input; may be given several times
    ///
    /// Files are recognised by their content: az output, ARM and Microsoft Graph pages, Resource Graph results, the
    /// inventory document; plain, gzip or zstd. A folder means every .json, .ndjson and .jsonl file in it (.gz and .zst
    /// too), at any depth. Without it, `inventory` of dictum.toml.
    #[arg(long = "inventory", short, value_name = "PATH")]
    pub(crate) inventory: Vec<PathBuf>,
    /// Collections that you know to be captured whole, such as `roleAssignments,groupMemberships`
    ///
    /// An assertion: what it decides is decided on your word, and every report says so.
    #[arg(long, value_name = "COLLECTION", value_delimiter = ',')]
    pub(crate) complete: Vec<String>,
    /// What you know to be empty though nobody captured it, such as `pim=none` or `denyAssignments=none`
    ///
    /// `pim=none`: nobody uses Privileged Identity Management here, so no assignment is eligible or activated. Any
    /// collection's name may stand before `=none`. Every report says so.
    #[arg(long, value_name = "WHAT=none", value_delimiter = ',')]
    pub(crate) assume: Vec<String>,
    /// The day that policies take for today, `2026-11-23` (or a time, `2026-11-23T08:00:00Z`), instead of the time of the capture
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

/// How a report is written.
#[derive(Args, Debug)]
pub(crate) struct Reported {
    /// How to write the report
    #[arg(long, short, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the report to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For eyes
    Text,
    /// One JSON document, of a published schema
    Json,
    /// One JSON document a line
    Jsonl,
}

/// How a report is written that can also be a picture.
#[derive(Args, Debug)]
pub(crate) struct Pictured {
    /// How to write the report
    #[arg(long, short, value_enum, default_value_t = PathFormat::Text)]
    pub(crate) format: PathFormat,
    /// Write the report to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// The format of a report that can also be a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PathFormat {
    /// For eyes
    Text,
    /// One JSON document, of a published schema
    Json,
    /// One JSON document a line
    Jsonl,
    /// A picture, for Graphviz
    Dot,
    /// A picture, for a browser
    Svg,
    /// A picture, for Markdown
    Mermaid,
}

/// Decide policies over what was captured.
///
/// Without POLICY: `policies` of dictum.toml, else the bundled packs (`dictum policies list`).
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum check policies -i capture/                      a folder of policies over a folder of captures
  dictum check -i assignments.json -i roles.json         the bundled packs over two files
  az role assignment list --all | dictum check p.dictum -i -
  dictum check -i capture/ --format json -o verdicts.json
  dictum check -i capture/ --assume pim=none             nobody is eligible for anything here

Exit codes: 0 pass, 1 denied, 2 usage or policy error, 3 undecided, or incomplete or empty input, 4 bad waiver.
An effective denial outranks doubt: 2, 4, 1, 3, 0 in this order.")]
pub(crate) struct CheckArgs {
    /// Policy files (.dictum) or folders of them
    #[arg(value_name = "POLICY")]
    pub(crate) policies: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) captured: Captured,
    #[command(flatten)]
    pub(crate) reported: Reported,
    /// Show every finding; without it, long lists end in how many more there are
    #[arg(long)]
    pub(crate) all: bool,
    /// What an undecided `deny` or `require` does: `block` the gate (exit 3), or only be in the `report`
    #[arg(long, value_enum, default_value_t = Undecided::Block, value_name = "WHAT")]
    pub(crate) unknown: Undecided,
    /// What blocks the gate: `deny`, or `warn` as well; without it, `fail-on` of dictum.toml, else `deny`
    #[arg(long, value_enum, value_name = "EFFECT")]
    pub(crate) fail_on: Option<FailOn>,
    /// Report, and exit 0 whatever was found; mistakes in policies and input still exit 2, 3 or 4
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Fail, with the difference, where the verdicts are not those of the lock file (see `dictum lock`)
    #[arg(long)]
    pub(crate) locked: bool,
}

/// What an undecided rule does to the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Undecided {
    /// It blocks
    Block,
    /// It is reported
    Report,
}

/// What blocks the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// deny and require
    Deny,
    /// warn as well
    Warn,
}

/// Check policies without an inventory: what is wrong with them, and what they probably do not mean.
///
/// Exits 0, or 2 where a policy has an error. Without POLICY: `policies` of dictum.toml, else the bundled packs.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum lint policies/
  cat policy.dictum | dictum lint -

`dictum explain CODE` tells more about a code.")]
pub(crate) struct LintArgs {
    /// Policy files (.dictum) or folders of them; `-` for standard input
    #[arg(value_name = "POLICY")]
    pub(crate) policies: Vec<PathBuf>,
    /// How to write the diagnostics
    #[arg(long, short, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// The day to which waivers are held, as 2026-11-23; without it none is called expired
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}

/// Ask what was captured: the sentence of a rule without its verb.
///
/// Prints the captured facts for which it is true, one a line, then, marked `?`, those that could not be decided, with
/// the reason. Anything undecided or incomplete is one line on standard error and exit 3; else exit 0, also where
/// nothing is found.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum find 'role Owner at subscription or above' -i capture/
  dictum find 'managed_identity where managed_identity.attachments is empty' -i capture/
  dictum find 'privileged role for guest' -i capture/ --count principals")]
pub(crate) struct FindArgs {
    /// What to find, such as 'role Owner at subscription for user'
    #[arg(value_name = "SELECTOR")]
    pub(crate) selector: Option<String>,
    #[command(flatten)]
    pub(crate) captured: Captured,
    #[command(flatten)]
    pub(crate) reported: Reported,
    /// Print only how many there are; of a grant, perhaps how many distinct principals, roles or scopes
    #[arg(long, value_name = "principals|roles|scopes", num_args = 0..=1, default_missing_value = "")]
    pub(crate) count: Option<String>,
}

/// What `find --count` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Assignments, or whatever is selected
    Facts,
    /// Distinct holders
    Principals,
    /// Distinct roles
    Roles,
    /// Distinct scopes
    Scopes,
}

/// Which paths are meant.
#[derive(Args, Debug)]
pub(crate) struct Asked {
    /// Who it starts from: a name such as `alice`, an object id, or principals in the language such as `guest`
    ///
    /// A name is an object id, a user principal name or the part of it before the @, or a display name. It has to mean
    /// one principal of the capture.
    #[arg(long, value_name = "WHO")]
    pub(crate) from: Option<String>,
    /// Where it leads: a name, principals or roles in the language, or a capability set; without it, everywhere
    ///
    /// `managed_identity`, `privileged role at subscription or above`, `secret-read`, or the name or id of a principal,
    /// a role, or a scope (any role on it).
    #[arg(long, value_name = "WHAT")]
    pub(crate) to: Option<String>,
    /// Who must lie between, as in --from
    #[arg(long, value_name = "WHO")]
    pub(crate) through: Option<String>,
    /// Which steps are admitted; without it, all of them
    #[arg(long, value_name = "STEP", value_enum, value_delimiter = ',')]
    pub(crate) by: Vec<StepKind>,
    /// How many steps there are at most
    #[arg(long, value_name = "N")]
    pub(crate) at_most: Option<u64>,
}

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum StepKind {
    /// Is in a group
    Membership,
    /// Runs code on a resource that carries an identity
    CodeExecution,
    /// Assigns an identity to a host
    IdentityAttachment,
    /// Adds a federated credential to an identity
    Federation,
    /// Writes role assignments
    RoleGrant,
    /// Rewrites a custom role that is held
    RoleDefinition,
    /// Owns an application or a group
    Ownership,
}

impl StepKind {
    /// As the language writes it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            StepKind::Membership => "membership",
            StepKind::CodeExecution => "code_execution",
            StepKind::IdentityAttachment => "identity_attachment",
            StepKind::Federation => "federation",
            StepKind::RoleGrant => "role_grant",
            StepKind::RoleDefinition => "role_definition",
            StepKind::Ownership => "ownership",
        }
    }
}

/// Show how somebody can become somebody else, or come to hold a role, step by step.
///
/// The shortest path to each target, with the captured record that proves each step. Exits 0, also where there is no
/// path; 3, with one line on standard error, where something is undecided or was not captured completely.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum paths --from alice -i capture/                    whom she becomes, what she then holds
  dictum paths --from guest --to 'privileged role at subscription or above' -i capture/
  dictum paths --from alice --to secret-read -i capture/   whether she comes to read secrets
  dictum paths --from user --to mi-app --by code_execution -i capture/
  dictum paths --from alice -i capture/ --format svg -o alice.svg

What a path is: docs/paths.md.")]
pub(crate) struct PathsArgs {
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(flatten)]
    pub(crate) captured: Captured,
    #[command(flatten)]
    pub(crate) pictured: Pictured,
    /// Show and explain every path; without it, long lists end in how many more there are
    #[arg(long)]
    pub(crate) all: bool,
}

/// Show how far somebody, or what runs on a resource, reaches: which identities it can become, and where it then may do what.
///
/// Eligible assignments count, and are marked. Exits 3, with one line on standard error, where something that could add
/// to it was not captured completely.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum reach alice -i capture/
  dictum reach LogicApp3388 -i capture/                  a resource: all the identities that it carries
  dictum reach alice -i capture/ --format svg -o alice.svg
  dictum reach guest -i capture/                         several: a line for each
  dictum reach --all -i capture/                         everybody, the widest reach first")]
pub(crate) struct ReachArgs {
    /// Whose reach: the name or id of a principal or a resource, or an entity in the language such as `guest`
    #[arg(value_name = "WHO|RESOURCE", required_unless_present = "all")]
    pub(crate) of: Option<String>,
    #[command(flatten)]
    pub(crate) captured: Captured,
    #[command(flatten)]
    pub(crate) pictured: Pictured,
    /// A line for everybody; with WHO or RESOURCE, the whole of its lists
    #[arg(long)]
    pub(crate) all: bool,
}

/// Show who may do something at a scope: by which role, assigned where, through which group.
///
/// What is decided is what docs/paths.md calls "may": actions, deny assignments and conditions, not the names of roles.
/// A capability set stands for each of its actions; on a resource, for those that are about its type.
/// Exits 3, with one line on standard error, where something is unknown or was not captured completely.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum who-can Microsoft.Logic/workflows/write --on LogicApp3388 -i capture/
  dictum who-can secret-read --on 'subscription \"prod\"' -i capture/
  dictum who-can Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write --on data01 -i capture/")]
pub(crate) struct WhoCanArgs {
    /// An operation such as Microsoft.Compute/virtualMachines/write, or a capability set such as `secret-read`
    #[arg(value_name = "ACTION|CAPABILITY")]
    pub(crate) what: String,
    /// Where: a full id, a name that only one scope has, or a scope in the language such as `subscription "prod"`
    #[arg(long, value_name = "SCOPE")]
    pub(crate) on: String,
    /// ACTION is a data action; without it a control action, unless it is only known as a data action
    #[arg(long)]
    pub(crate) data: bool,
    #[command(flatten)]
    pub(crate) captured: Captured,
    #[command(flatten)]
    pub(crate) reported: Reported,
}

/// Show what closes a path: the smallest sets of role assignments and attachments to take away, each with its command.
///
/// Either the path of a finding of `dictum check`, by its fingerprint, or the paths between two ends. Nothing is changed:
/// the commands are yours to run. Exits 0; 3, with one line on standard error, where there may be paths that are not known.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum cut 5d7f0c3a9be14f6c8d2e1a0b9c8d7e6f -i capture/
  dictum cut --from alice --to mi-app -i capture/
  dictum cut --from guest --to 'privileged role at subscription or above' -i capture/")]
pub(crate) struct CutArgs {
    /// The fingerprint of a finding about a path
    #[arg(value_name = "FINGERPRINT", conflicts_with_all = ["from", "to", "through", "by", "at_most"])]
    pub(crate) fingerprint: Option<String>,
    /// Policy files (.dictum) or folders of them, whose finding it is
    #[arg(value_name = "POLICY")]
    pub(crate) policies: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(flatten)]
    pub(crate) captured: Captured,
    #[command(flatten)]
    pub(crate) reported: Reported,
    /// Show every way; without it, long lists end in how many more there are
    #[arg(long)]
    pub(crate) all: bool,
}

/// Say what was captured, how completely, and which command captures what is missing.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum inventory -i capture/
  dictum inventory --capture-script bash > capture.sh
  dictum inventory --capture-script powershell > capture.ps1")]
pub(crate) struct InventoryArgs {
    #[command(flatten)]
    pub(crate) captured: Captured,
    #[command(flatten)]
    pub(crate) reported: Reported,
    /// Print a script of `az` calls, read-only and paged, that captures a tenant
    #[arg(long, value_enum, value_name = "SHELL", conflicts_with_all = ["inventory", "complete", "assume", "as_of", "format"])]
    pub(crate) capture_script: Option<Shell>,
}

/// The shell of a capture script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// bash 4 or later
    Bash,
    /// PowerShell 7 or Windows PowerShell 5.1
    Powershell,
}

/// Run the tests that policies state of themselves.
///
/// Exits 0 where all pass, 1 where one fails, 2 where a policy or a test has an error. Without PATH: `policies` of
/// dictum.toml, else the bundled packs.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum test
  dictum test policies/ --filter guest
  dictum test policies/ --coverage        which rules have a firing, a just-not-firing and an unknown case")]
pub(crate) struct TestArgs {
    /// Policy files (.dictum) or folders of them
    #[arg(value_name = "PATH")]
    pub(crate) policies: Vec<PathBuf>,
    /// Run only the tests whose title contains this, in any letter case
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Show for each rule which of the three cases its tests have
    #[arg(long)]
    pub(crate) coverage: bool,
    #[command(flatten)]
    pub(crate) reported: Reported,
}

/// Write policies in the one layout.
///
/// Without PATH: `policies` of dictum.toml, else this folder. Comments are kept. A file that does not parse is left as it
/// is (exit 2).
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum fmt                    format every .dictum file of the configured policies
  dictum fmt --check --diff     what would change, and exit 1 if anything would
  dictum fmt - < a.dictum       from standard input to standard output")]
pub(crate) struct FmtArgs {
    /// Policy files (.dictum) or folders of them; `-` reads standard input and writes standard output
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing; list the files that would change, and exit 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
    /// Change nothing; show what would change
    #[arg(long)]
    pub(crate) diff: bool,
}

/// Explain a diagnostic code or a rule.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum explain D012
  dictum explain managed-identity/contributor-at-subscription")]
pub(crate) struct ExplainArgs {
    /// A code (`D012`) or a rule (`policy/rule`, or `rule` where only one policy has it)
    #[arg(value_name = "CODE|RULE")]
    pub(crate) subject: String,
    /// Where to look for the rule besides `policies` of dictum.toml and the bundled packs
    #[arg(long = "policy", short, value_name = "POLICY")]
    pub(crate) policies: Vec<PathBuf>,
}

/// Keep the verdicts of an inventory in a file, so that a change of them is seen in review.
///
/// Writes the lock file where there is none. Where there is one and the verdicts moved, shows the difference and exits
/// 1; `--accept` writes it. `dictum check --locked` compares, and never writes.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum lock                   write the lock file that dictum.toml names (else dictum.lock)
  dictum check --locked         in the pipeline
  dictum lock --accept          after review")]
pub(crate) struct LockArgs {
    /// Policy files (.dictum) or folders of them
    #[arg(value_name = "POLICY")]
    pub(crate) policies: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) captured: Captured,
    /// Write the verdicts as they are now over those of the lock file
    #[arg(long)]
    pub(crate) accept: bool,
    /// The lock file; without it, `lock` of dictum.toml, else dictum.lock beside it
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
}

/// The policies that come with Dictum.
#[derive(Args, Debug)]
pub(crate) struct PoliciesArgs {
    #[command(subcommand)]
    pub(crate) command: PoliciesCommand,
}

/// What to do with the bundled policies.
#[derive(Debug, Subcommand)]
pub(crate) enum PoliciesCommand {
    /// List the bundled packs and their rules
    List,
    /// Print a bundled pack or one file of it
    Show {
        /// A pack (`managed-identity`) or a file of it (`managed-identity/limits`)
        #[arg(value_name = "PACK")]
        pack: String,
    },
    /// Copy a bundled pack into a folder, to change it there; never overwrites
    Copy {
        /// A pack (`managed-identity`)
        #[arg(value_name = "PACK")]
        pack: String,
        /// The folder to make its folder in
        #[arg(value_name = "FOLDER", default_value = "policies")]
        to: PathBuf,
    },
}

/// Write a dictum.toml and a first policy with tests; never overwrites.
#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// The folder
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(crate) folder: PathBuf,
}

/// Print the completions of a shell.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum completions bash > ~/.local/share/bash-completion/completions/dictum
  dictum completions zsh > ~/.zfunc/_dictum
  dictum completions powershell >> $PROFILE")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dictum man | man -l -
  dictum man check > dictum-check.1
  dictum man --folder share/man/man1        a page for every command")]
pub(crate) struct ManArgs {
    /// The command; without it, the page of dictum itself
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write the page of every command into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) folder: Option<PathBuf>,
}
