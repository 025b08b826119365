//! Any bytes as a configuration: read or refused with a report; what was read is rewritten into a file that reads
//! back the same. The same bytes as CONFIG SET's arguments.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_config::{Host, NoFiles, SetContext, load_text};

fuzz_target!(|data: &[u8]| {
    let host = Host { cores: 2, directory: "/data".into() };
    match load_text(&host, data, &NoFiles) {
        Err(error) => assert!(!error.report("Redstart").is_empty()),
        Ok(loaded) => {
            let rewritten = loaded.config.rewritten(data, None);
            let again = load_text(&host, &rewritten, &NoFiles).expect("a rewritten file is read");
            assert_eq!(again.config.get_matching(&[b"*"]), loaded.config.get_matching(&[b"*"]));
        }
    }
    if let Ok(loaded) = load_text(&host, b"", &NoFiles) {
        let words: Vec<&[u8]> = data.split(|&byte| byte == b'\n').collect();
        let pairs: Vec<(&[u8], &[u8])> = words.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let context = SetContext { loading: false, protected_allowed: true };
        // Either outcome is right; what matters is that nothing panics and the result can be shown.
        let _ = loaded.config.set(&pairs, context, |_, _| Ok(()));
        assert!(!loaded.config.get_matching(&[b"*"]).is_empty());
    }
});
