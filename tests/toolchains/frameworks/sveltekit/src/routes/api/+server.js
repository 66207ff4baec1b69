import { json } from "@sveltejs/kit";
import { demo } from "../../../demo.js";

export const GET = async () => json(await demo());
