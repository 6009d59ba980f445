// Runs before Streamlit's own scripts.

// The server stands at the root. Without this, Streamlit first looks for it below each page's address, and fails.
window.__streamlit = { BACKEND_BASE_URL: location.origin + "/" };

// Answers live in the session only: leaving or reloading the page loses them. Ask first, if there are any.
addEventListener("beforeunload", (event) => {
  if (document.querySelector(".st-key-answers_at_risk")) event.preventDefault();
});

// On a narrow screen the questions lie over the results. Buttons whose key starts with "open_questions" bring them
// up, the one with the key "show_results" puts them away: a page cannot move the sidebar itself.
document.addEventListener("click", (event) => {
  const press = (selector) => document.querySelector(selector)?.click();
  const isClosed = document.querySelector('[data-testid="stSidebar"]')?.dataset.collapsed === "true";
  if (isClosed && event.target.closest('[class*="st-key-open_questions"] button')) {
    press('[data-testid="stExpandSidebarButton"]');
  } else if (!isClosed && event.target.closest(".st-key-show_results button")) {
    press('[data-testid="stSidebarCollapseButton"] button');
  }
});

// A new step starts at its beginning, and the keyboard goes on from there. A loaded or erased copy starts at the top.
const heading = () => document.querySelector('[data-testid="stSidebar"] h3');
document.addEventListener("click", (event) => {
  const pressed = (keys) => event.target.closest(keys.map((key) => `[class*="st-key-${key}"] button`).join(", "));
  const leadsToQuestions = pressed(["next_group", "previous_group", "no_signs", "open_questions"]);
  const startsAgain = pressed(["use_copy", "erase"]);
  if (!leadsToQuestions && !startsAgain) return;
  const before = heading()?.textContent;
  let patience = 30;
  const waiting = setInterval(() => {
    const changed = heading() && heading().textContent !== before;
    if (!changed && patience-- > 0) return;
    clearInterval(waiting);
    document.querySelector('[data-testid="stSidebarContent"]')?.scrollTo(0, 0);
    if (startsAgain) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
    if (leadsToQuestions && heading()) {
      heading().tabIndex = -1;
      heading().focus({ preventScroll: true });
    }
  }, 50);
});
