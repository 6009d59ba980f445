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
