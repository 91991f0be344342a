// A device as a voting booth. While it waits it looks whether somebody was let in; when nobody goes on it ends the visit.
// Other pages of this device come back here when they are left alone (behaviors/idle.js, which app.js loads in a booth).

const LOOK = 3000;
const LEAVE = 20000;

export default function booth(element) {
  sessionStorage.setItem("booth", location.pathname);
  const leave = document.querySelector("[data-leave] form");
  if (leave) setTimeout(() => leave.requestSubmit(), LEAVE);
  else setInterval(() => look(element.dataset.state), LOOK);
}

async function look(state) {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (answer.ok && !(await answer.text()).includes(`data-state="${state}"`)) location.reload();
  } catch {
    return; // No network for a moment: it looks again.
  }
}
