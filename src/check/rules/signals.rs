//! Early-warning signals: as grave as the bank's list has them, and followed by somebody who goes and sees.

use super::{check, client};
use crate::book::Record;
use crate::book::deadline::{Alarm, unchecked_alarms};
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::client::Client;
use crate::record::risk::WarningLevel;
use crate::source::Place;
use crate::text::Text;

pub(super) static RULES: &[&Check] = &[&RED_SIGNAL_UNCHECKED, &SIGNAL_TOO_MILD];

check! {
    RED_SIGNAL_UNCHECKED = "RM521" "red-signal-unchecked" Warn Client(red_signal_unchecked);
    title: "a red signal was not followed by a special check", "红色预警后未作专项检查";
    why: "A red signal says that money may be lost; somebody must go and see.", "红色预警意味着可能形成损失，须现场核查。";
    mend: "Make a special check, or schedule one, and record it. Closing the signal is no check.", "请开展或安排专项检查并登记；解除预警不能代替检查。";
    says: "`{signal}` was raised as red on {opened}, and no special check is recorded since", "“{signal}”于 {opened} 触发红色预警，此后无专项检查记录";
    example: client!("[[warnings]]\nopened = 2026-10-28\nsignal = \"interest unpaid\"\nlevel = \"red\"\ndue = 2026-11-20\n\
        [[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 0\nclass = \"normal\"\n\
        [[visits]]\ndate = 2026-10-30\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "[[visits]]" => "[[checks]]\nkind = \"special\"\ndue = 2026-11-05\n[[visits]]";
}

fn red_signal_unchecked(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (alarm, opened) in unchecked_alarms(&client.data, context.today) {
        if let (Alarm::Red(index), Some(opened)) = (alarm, opened) {
            let place = Place::value(client.file, path!["warnings", index, "level"]);
            let signal = &client.data.warnings[index].signal;
            found.push(fires!(RED_SIGNAL_UNCHECKED, place, signal = signal, opened = opened));
        }
    }
}

check! {
    SIGNAL_TOO_MILD = "RM522" "signal-too-mild" Warn Client(signal_too_mild);
    title: "a warning is milder than the bank's list of signals has it", "预警级别轻于信号清单";
    why: "The level decides by when somebody must act.", "级别决定处置时限。";
    mend: "Raise `level`. The levels stand under `[signals]` in `rmbook.toml`.", "请调高 `level`；级别见 `rmbook.toml` 的 `[signals]`。";
    says: "`{signal}` is at least {least}", "“{signal}”至少应为{least}";
    example: client!("[[warnings]]\nopened = 2026-10-28\nsignal = \"litigation\"\nlevel = \"yellow\"\n");
    mended: "level = \"yellow\"" => "level = \"red\"\n[[visits]]\ndate = 2026-10-30\nby = \"wang-fang\"\nkind = \"on-site\"";
}

const RED: Text = Text::new("red", "红色");
const ORANGE: Text = Text::new("orange", "橙色");
const YELLOW: Text = Text::new("yellow", "黄色");

fn signal_too_mild(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, warning) in client.data.warnings.iter().enumerate() {
        let listed = context.book.settings.signal(&warning.signal).map(|(_, listed)| listed);
        // The first level is the gravest.
        let Some(listed) = listed.filter(|listed| warning.closed.is_none() && warning.level > listed.level)
        else {
            continue;
        };
        let least = match listed.level {
            WarningLevel::Red => RED,
            WarningLevel::Orange => ORANGE,
            WarningLevel::Yellow => YELLOW,
        };
        let place = Place::value(client.file, path!["warnings", index, "level"]);
        found.push(fires!(SIGNAL_TOO_MILD, place, signal = &warning.signal, least = least));
    }
}
