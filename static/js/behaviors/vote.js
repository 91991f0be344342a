// The page of a campaign is the same for everybody; what this voter has done is asked for and drawn in.
// Without an answer the links stay as they are, and lead to the candidate's page.

export default async function vote(list) {
  const answer = await fetch(list.dataset.meUrl, { headers: { accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const me = await answer.json();
  if (typeof me.votes_left !== "number") return;
  const voted = new Set((me.voted ?? []).map(String));
  for (const card of list.querySelectorAll(".candidate[data-state=open]")) {
    if (voted.has(card.dataset.number)) showVoted(card);
    else if (me.votes_left < 1) replace(card, "used-up", "vote-used-up");
    else if (list.dataset.ballotUrl) offer(card, list, me);
  }
  showQuota(me);
}

function showVoted(card) {
  replace(card, "voted", "vote-voted");
  card.querySelector(".candidate__picture").append(drawn("vote-seal"));
}

function replace(card, state, template) {
  card.dataset.state = state;
  card.querySelector("[data-vote]")?.replaceWith(drawn(template));
}

function drawn(id) {
  return document.getElementById(id).content.cloneNode(true);
}

/** One press is one vote: the link becomes a form of its own. */
function offer(card, list, me) {
  const link = card.querySelector("a[data-vote]");
  if (!link) return;
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: list.dataset.ballotUrl, className: "post" });
  const fields = { csrf_token: me.csrf_token, choice: card.dataset.number, ...(me.day ? { day: me.day } : {}) };
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  const button = document.createElement("button");
  button.className = link.className;
  button.textContent = link.textContent.trim();
  button.ariaLabel = link.ariaLabel;
  form.append(button);
  form.addEventListener("submit", (event) => {
    if (button.ariaBusy === "true") event.preventDefault();
    button.ariaBusy = "true";
  });
  addEventListener("pageshow", () => button.removeAttribute("aria-busy"));
  link.replaceWith(form);
}

/** The page says the rule to everybody; whoever has proved who they are sees their own votes instead. */
function showQuota({ votes_left: left, said }) {
  const quota = document.querySelector("[data-vote-quota]");
  if (!quota || !said) return;
  const beans = quota.querySelectorAll(".beans > i");
  quota.querySelector(".quota__words").textContent = said;
  beans.forEach((bean, index) => bean.toggleAttribute("data-given", index < beans.length - left));
  quota.querySelector(".beans")?.setAttribute("aria-label", said);
  for (const part of document.querySelectorAll("[data-vote-mine], [data-vote-rule]")) {
    part.hidden = part.hasAttribute("data-vote-rule");
  }
}
