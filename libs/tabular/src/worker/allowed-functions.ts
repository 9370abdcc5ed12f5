/**
 * What a feature expression may call: functions of their arguments alone, so that the same row gives the same
 * features today, tomorrow, offline and online. Neither time, randomness, settings, files nor anything that
 * builds lists or objects is here.
 */
export const ALLOWED_FUNCTIONS: ReadonlySet<string> = new Set(
  `
  + - * / // % ** ^ & | << >> ~ || ~~ !~~ ~~* !~~* ~~~ ^@ @ !
  abs acos acosh add asin asinh atan atan2 atanh cbrt ceil ceiling cos cosh cot degrees divide even exp factorial fdiv floor fmod gamma gcd
  greatest isfinite isinf isnan lcm least lgamma ln log log10 log2 mod multiply nextafter pi pow power radians round round_even
  sign signbit sin sinh sqrt subtract tan tanh trunc xor
  nullif
  ascii bar bit_length char_length character_length chr concat concat_ws contains damerau_levenshtein editdist3 ends_with
  format hamming hex ilike_escape instr jaccard jaro_similarity jaro_winkler_similarity lcase left length len levenshtein like_escape
  lower lpad ltrim md5 mismatches nfc_normalize not_ilike_escape not_like_escape ord position prefix regexp_escape
  regexp_extract regexp_full_match regexp_matches regexp_replace repeat replace reverse right rpad rtrim sha1 sha256 split_part
  starts_with strip_accents strlen strpos substr substring suffix to_base translate trim ucase unicode upper
  century date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek
  dayofyear days_in_month decade epoch epoch_ms epoch_us era hour isodow isoyear julian last_day make_date make_timestamp microsecond
  millennium millisecond minute month monthname quarter second strftime strptime try_strptime time_bucket timezone
  to_centuries to_days to_decades to_hours to_microseconds to_millennia to_milliseconds to_minutes to_months to_quarters
  to_seconds to_timestamp to_weeks to_years week weekday weekofyear year yearweek
  `
    .trim()
    .split(/\s+/),
);

/** Types that a cast may name. */
export const ALLOWED_CAST_TYPES: ReadonlySet<string> = new Set(
  `BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE DECIMAL
   VARCHAR DATE TIME TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS INTERVAL`.split(/\s+/),
);
