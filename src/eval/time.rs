/// `yyyy-mm-ddThh:mm:ssZ` of seconds since 1970-01-01 UTC; the number itself where no calendar has that day.
pub fn date_time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |t| t.to_string())
}
