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
// Whoever has gone on meanwhile, by hand or key, is left alone.
const heading = () => document.querySelector('[data-testid="stSidebar"] h3');
let waiting = 0;
const startQuestions = () => {
  document.querySelector('[data-testid="stSidebarContent"]')?.scrollTo(0, 0);
  const title = heading();
  if (!title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
};
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => clearInterval(waiting), true);
document.addEventListener("click", (event) => {
  const pressed = (...keys) => event.target.closest(keys.map((key) => `[class*="st-key-${key}"] button`).join(", "));
  const toStep = pressed("next_group", "previous_group", "no_signs", "open_questions");
  const toTop = pressed("use_copy", "erase");
  if (!toStep && !toTop) return;
  const before = heading()?.textContent;
  if (pressed("open_questions")) setTimeout(startQuestions, 100); // it may be the step that is open already
  let patience = 40;
  waiting = setInterval(() => {
    if (heading()?.textContent === before && patience-- > 0) return;
    clearInterval(waiting);
    if (toTop) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
    else if (heading()?.textContent !== before) startQuestions();
  }, 50);
});

// The button with the key "print_page" prints: a page of Streamlit's cannot open the dialogue itself.
document.addEventListener("click", (event) => {
  if (event.target.closest(".st-key-print_page button")) setTimeout(print, 300); // once the press has been drawn
});

// On a narrow screen the menu is a list whose sections are no list items: then it is read as links in a navigation.
const readMenuAsLinks = () => {
  const menu = '[data-testid="stSidebarNavItems"]';
  for (const part of document.querySelectorAll(`${menu}, ${menu} ul, ${menu} li`)) part.setAttribute("role", "none");
};

// The button that opens it there is two arrows to Streamlit. It says what it opens, and questions or filters that lie above
// the menu are passed by; our own buttons bring those up.
const MENU_BUTTON = '[data-testid="stExpandSidebarButton"]';
const nameMenu = () => {
  const button = document.querySelector(MENU_BUTTON);
  const name = document.documentElement.dataset.menu;
  if (!button || !name || button.dataset.menu === name || !matchMedia("(max-width: 767px)").matches) return;
  button.dataset.menu = name;
  button.setAttribute("aria-label", name);
};
document.addEventListener("click", (event) => {
  if (!event.isTrusted || !event.target.closest(MENU_BUTTON)) return;
  setTimeout(() => document.querySelector('[data-testid="stSidebarNav"]')?.scrollIntoView(), 400); // once it is open
});

// What was just done is said where it was done, which by then may lie above or below the screen: it is brought there once
// the page is complete. Whoever has gone on meanwhile is left alone.
const isRunning = () => document.querySelector('[data-test-script-state="running"]');
let said = new Map();
const bringSaid = () => {
  const name = (box) => [...box.classList].find((each) => each.startsWith("st-key-said_"));
  const boxes = [...document.querySelectorAll('[class*="st-key-said_"]')];
  const fresh = boxes.find((box) => box.textContent && box.textContent !== said.get(name(box)));
  said = new Map(boxes.map((box) => [name(box), box.textContent]));
  if (!fresh) return;
  clearInterval(waiting);
  waiting = setInterval(() => {
    if (isRunning()) return;
    clearInterval(waiting);
    const box = document.querySelector(`.${name(fresh)}`); // it may have been drawn anew
    if (!box) return;
    const { top, bottom } = box.getBoundingClientRect();
    // the menu is some 60 px high, and what was found may go on below
    if (top < 80 || bottom > 0.8 * innerHeight) box.scrollIntoView({ block: "center" });
  }, 50);
};

// A choice that would give no centre is grey in an open list of choices; its count stands behind it.
const isEmptyChoice = (option) => / · 0$/.test(option.textContent.trim());
new MutationObserver(() => {
  readMenuAsLinks();
  nameMenu();
  bringSaid();
  for (const option of document.querySelectorAll('[role="option"]')) {
    option.classList.toggle("empty-choice", isEmptyChoice(option));
  }
}).observe(document.documentElement, { childList: true, subtree: true });
