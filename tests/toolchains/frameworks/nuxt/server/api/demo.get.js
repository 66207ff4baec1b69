import { demo } from "#shared/demo.js";

export default defineEventHandler(() => demo());
