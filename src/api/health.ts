import { answer, type Definition } from "./definition.ts";
import { HealthSchema } from "./health-form.ts";

const HEALTH = answer("Health", HealthSchema);

export const HEALTH_READS = {
  health: {
    method: "GET",
    path: "/health",
    role: "read",
    summary: "Whether the control plane works, part by part; without a token only whether it does",
    answers: { 200: HEALTH },
    problems: ["unhealthy"],
  },
} as const satisfies Record<string, Definition>;
