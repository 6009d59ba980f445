// Keeps a coordinator's shortlist and saved views in this browser, and nowhere else.
// `data.kept` is null until Python knows what was kept: then it is told. After that, what Python holds is kept.
export default function ({ data, setStateValue }) {
  const place = "opinion.workbench";
  try {
    if (data.kept === null) setStateValue("found", localStorage.getItem(place) ?? "");
    else if (localStorage.getItem(place) !== data.kept) localStorage.setItem(place, data.kept);
  } catch {
    // a browser that keeps nothing: the session goes on without
    if (data.kept === null) setStateValue("found", "");
  }
}
