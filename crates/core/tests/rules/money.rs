//! Amounts of money, as people write them.

use tawzi_core::money::{BadBudget, Budget};

#[test]
fn a_budget_is_exact_and_written_with_two_decimals() {
    for (text, written) in [
        ("1500", "1500.00"),
        ("1500.5", "1500.50"),
        ("0.07", "0.07"),
        ("-0.5", "-0.50"),
        ("1.5e3", "1500.00"),
        ("0", "0.00"),
        (".5", "0.50"),
        ("0000000000000012", "12.00"),
        ("9999999999.99", "9999999999.99"),
    ] {
        assert_eq!(Budget::parse(text).unwrap().to_string(), written, "{text}");
    }
}

#[test]
fn a_budget_that_does_not_fit_is_refused_for_what_is_wrong() {
    assert_eq!(
        Budget::parse("12345678901.123"),
        Err(BadBudget::TooManyDigits)
    );
    assert_eq!(Budget::parse("1.123"), Err(BadBudget::TooManyDecimals));
    assert_eq!(
        Budget::parse("12345678901"),
        Err(BadBudget::TooManyWholeDigits)
    );
    assert_eq!(Budget::parse("1e400"), Err(BadBudget::TooManyDigits));
    for text in ["", "abc", "NaN", "Infinity", "1.2.3", "-", "1e", "١٢"] {
        assert_eq!(Budget::parse(text), Err(BadBudget::NotANumber), "{text}");
    }
}
