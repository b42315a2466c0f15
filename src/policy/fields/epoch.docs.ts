import type { FieldText } from "./docs-definition.ts";

export const epoch: FieldText = {
  value: "whole number",
  meaning: "change it to re-randomise on purpose; nothing else reshuffles",
};
