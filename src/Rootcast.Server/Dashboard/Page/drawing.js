// Draws what is known, once for all changes of a moment. Who changes something says so here and need not know what is shown of it.

const parts = [];
let drawing = false;

/** Whatever is drawn, in that order. */
export const onDraw = (...more) => parts.push(...more);

export function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    parts.forEach((part) => part());
  });
}
