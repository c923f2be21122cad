// What the window knows of the cells and the findings: each module listens for itself.

import * as acts from "./acts.js";
import * as folds from "./folds.js";
import * as help from "./help.js";
import * as marks from "./marks.js";
import * as reasons from "./reasons.js";

/** Lets the findings lead to their cells, the cells to what is known of them, and reasons be written. */
export function listen() {
  folds.listen();
  marks.listen();
  reasons.listen();
  acts.listen();
  help.listen();
}
