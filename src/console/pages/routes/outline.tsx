/** Rows of the outline: about a screen. */
const ROWS = 12;

/** Stands for the list until the first routes are known. */
export function Outline() {
  return (
    <div class="card routes-outline">
      {Array.from({ length: ROWS }, (_, row) => (
        <div key={row}>
          <span class="skeleton" />
          <span class="skeleton" />
        </div>
      ))}
    </div>
  );
}
