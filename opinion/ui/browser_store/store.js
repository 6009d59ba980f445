// Keeps a coordinator's shortlist and saved views in this browser, and nowhere else.
//
// `data.kept` is what the session holds, null until it knows what was kept. Another tab may have changed what is kept
// since this tab last read or wrote it: then nothing is written, and the session is told, so that it can join the two.
const PLACE = "opinion.workbench";
let seen = null; // what this tab last read or wrote
let tell = () => {};

const read = () => {
  try {
    return localStorage.getItem(PLACE) ?? "";
  } catch {
    return ""; // a browser that keeps nothing: the session goes on without
  }
};

const report = () => {
  seen = read();
  tell("found", { text: seen, at: Date.now() });
};

addEventListener("storage", (event) => {
  if (event.key === PLACE && read() !== seen) report();
});

export default function ({ data, setStateValue }) {
  tell = setStateValue;
  const stored = read();
  if (data.kept === null || (stored !== seen && stored !== data.kept)) return report();
  if (stored === data.kept) return void (seen = stored);
  try {
    localStorage.setItem(PLACE, data.kept);
    seen = data.kept;
  } catch {
    // full, or not allowed
  }
}
