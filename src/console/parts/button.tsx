import type { ButtonHTMLAttributes } from "preact";

interface ButtonProps extends ButtonHTMLAttributes {
  readonly kind?: "primary" | "danger" | "plain" | "normal";
}

/** A button that submits nothing unless it says so. */
export function Button({ kind = "normal", type = "button", ...rest }: ButtonProps) {
  return <button {...rest} type={type} class="button" data-kind={kind} />;
}
