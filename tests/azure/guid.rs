use dictum::azure::Guid;

const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

#[test]
fn letter_case_does_not_matter_and_lower_case_is_written() {
    let upper = Guid::parse(&OWNER.to_uppercase()).unwrap();
    assert_eq!(Some(upper), Guid::parse(OWNER));
    assert_eq!(upper.to_string(), OWNER);
    assert_eq!(upper.0 >> 96, 0x8e3a_f657);
}

#[test]
fn only_the_exact_36_characters_are_a_guid() {
    for text in [
        "",
        "8e3af657a8ff443ca75c2fe8c4bcb635",
        "{8e3af657-a8ff-443c-a75c-2fe8c4bcb635}",
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb63",
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb6355",
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb63g",
        "8e3af657-a8ff-443c-a75c 2fe8c4bcb635",
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb6é",
        " 8e3af657-a8ff-443c-a75c-2fe8c4bcb63",
    ] {
        assert_eq!(Guid::parse(text), None, "{text:?}");
    }
}

#[test]
fn a_role_id_is_known_by_its_last_segment() {
    let owner = Guid::parse(OWNER);
    for prefix in
        ["", "/providers/Microsoft.Authorization/roleDefinitions/", "/subscriptions/S/PROVIDERS/x/y/"]
    {
        assert_eq!(Guid::last_segment(&format!("{prefix}{OWNER}")), owner);
        assert_eq!(Guid::last_segment(&format!("{prefix}{OWNER}/")), owner);
    }
    assert_eq!(Guid::last_segment("/subscriptions/"), None);
}

#[test]
fn guids_sort_as_their_text_does() {
    let mut guids: Vec<Guid> =
        (0..200u128).map(|i| Guid(i.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C834))).collect();
    guids.sort();
    let text: Vec<String> = guids.iter().map(Guid::to_string).collect();
    assert!(text.is_sorted());
}
