// The page "Record an app": text alone.

import { startPage } from "./page.js";

void startPage();
