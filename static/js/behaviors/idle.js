// In a booth: a page that nobody touches for a minute goes back to where the booth waits.

const ALONE = 60000;

export default function idle() {
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.assign(sessionStorage.getItem("booth")), ALONE);
  };
  for (const sign of ["pointerdown", "keydown", "scroll"]) addEventListener(sign, again, { passive: true });
  again();
}
