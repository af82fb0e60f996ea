// The cases by name, from the files that hold them.
import { live } from "./case_live.mjs";
import { reading } from "./case_reading.mjs";
import { reports } from "./case_report.mjs";
import { recovery } from "./case_recovery.mjs";
import { token } from "./case_token.mjs";

export const cases = [...live, ...reading, ...recovery, ...reports, ...token];
