use dictum::azure::action::{self, Reading};

#[test]
fn t2_7_a_wildcard_does_not_leave_its_type() {
    assert!(!action::matches(
        "Microsoft.Compute/virtualMachines/*",
        "Microsoft.Compute/virtualMachineScaleSets/write"
    ));
    assert!(action::matches(
        "Microsoft.Compute/virtualMachines/*",
        "Microsoft.Compute/virtualMachines/start/action"
    ));
}

#[test]
fn t2_8_a_wildcard_spans_segments_and_letter_case_does_not_matter() {
    assert!(action::matches(
        "Microsoft.Compute/*/read",
        "microsoft.compute/virtualMachines/instanceView/read"
    ));
    assert!(!action::matches("Microsoft.Compute/*/read", "microsoft.compute/virtualMachines/readAll/action"));
}

#[test]
fn slash_star_slash_matches_one_slash_only_in_grants() {
    let operator = "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action";
    let assign = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
    assert!(action::matches_as(operator, assign, Reading::Generous));
    assert!(!action::matches_as(operator, assign, Reading::Strict));
    assert!(action::matches_as("a/*/*/b/*/c", "a/b/c", Reading::Generous));
    assert!(!action::matches_as("a/*b/*/c", "a/c", Reading::Generous));
    assert!(!action::matches_as("a*/b", "a", Reading::Generous));
    assert!(action::matches_as("a/*/c", "a/c", Reading::Generous));
    assert!(!action::matches_as("a/*/c", "a/c", Reading::Strict));
    assert!(!action::matches_as("a/*/", "a", Reading::Generous));
    assert!(!action::matches_as("a/b*b/c", "a/b/c", Reading::Generous));
}

#[test]
fn several_wildcards_anywhere() {
    for (pattern, text, expected) in [
        ("*", "a/b/read", true),
        ("a*c*e", "abcde", true),
        ("a*c*e", "abcd", false),
        ("*/virtual*/*", "x/virtualMachines/read", true),
        ("*aab", "aaab", true),
        ("*aa*aa", "aaa", false),
        ("**a**", "bab", true),
        ("a/*", "a/", true),
        ("", "", true),
        ("a ", "a", true),
    ] {
        assert_eq!(action::matches(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn an_operation_has_three_words_and_ends_in_a_verb() {
    for operation in ["a/b/read", "A.B/c/d/e/ACTION", "a/b/start/action", "a/read/read"] {
        assert!(action::is_operation(operation), "{operation}");
    }
    for other in ["a/read", "read", "a//read", "/a/b/read", "a/b/read/", "a/b/reads", "a/*/read", ""] {
        assert!(!action::is_operation(other), "{other}");
    }
}

#[test]
fn mistakes_in_actions_of_policies() {
    let texts = [
        "",
        "read",
        "Microsoft.Compute",
        "Microsoft.Compute/read",
        "Microsoft.Compute/virtualMachines",
        "Microsoft.Compute/virtualMachines/raed",
        "Microsoft.Compute/virtualMachines//write",
        "/Microsoft.Compute/virtualMachines/write",
        "Microsoft.Compute/virtualMachines/",
        "Microsoft.Compute/virtual Machines/write",
        "Microsoft.Compute/virtualMachine?/write",
        "*s/*x",
        "Microsoft.*ite",
        "*",
        "*/write",
        "Microsoft.Compute/*",
        "Microsoft.Compute/virtualMachines/Write",
    ];
    let told = texts.map(|text| match action::validate(text) {
        Ok(()) => format!("{text}: good\n"),
        Err(mistake) => format!("{text}: {mistake}\n  {}\n", mistake.help()),
    });
    insta::assert_snapshot!(told.concat(), @r#"
    : an empty action matches nothing
      write the whole action, as in "Microsoft.Compute/virtualMachines/write", or a pattern such as "Microsoft.Compute/*/write"
    read: `read` is no action: an action is a namespace, resource types and a verb
      write the whole action, as in "Microsoft.Compute/virtualMachines/write", or a pattern such as "Microsoft.Compute/*/write"
    Microsoft.Compute: `Microsoft.Compute` is no action: an action is a namespace, resource types and a verb
      write the whole action, as in "Microsoft.Compute/virtualMachines/write", or a pattern such as "Microsoft.Compute/*/write"
    Microsoft.Compute/read: an operation names a resource type between its namespace and `read`
      to match every type of the namespace, write `*/read` after it
    Microsoft.Compute/virtualMachines: an operation ends in `read`, `write`, `delete` or `action`, not in `virtualMachines`
      to match whatever follows `virtualMachines`, write `virtualMachines/*`; a verb of its own ends in `virtualMachines/action`
    Microsoft.Compute/virtualMachines/raed: an operation ends in `read`, `write`, `delete` or `action`, not in `raed`
      did you mean `read`?
    Microsoft.Compute/virtualMachines//write: an action has a word between any two slashes, and none at its start or end
      remove the extra slash
    /Microsoft.Compute/virtualMachines/write: an action has a word between any two slashes, and none at its start or end
      remove the extra slash
    Microsoft.Compute/virtualMachines/: an action has a word between any two slashes, and none at its start or end
      remove the extra slash
    Microsoft.Compute/virtual Machines/write: ` ` cannot stand in an action
      an action is letters, digits, `.`, `-`, `_`, `{`, `}`, `/` and `*`
    Microsoft.Compute/virtualMachine?/write: `?` cannot stand in an action
      `*` is the only wildcard in an action; it matches any run of characters, slashes too
    *s/*x: no operation can match `*s/*x`
      write the whole action, as in "Microsoft.Compute/virtualMachines/write", or a pattern such as "Microsoft.Compute/*/write"
    Microsoft.*ite: good
    *: good
    */write: good
    Microsoft.Compute/*: good
    Microsoft.Compute/virtualMachines/Write: good
    "#);
}
