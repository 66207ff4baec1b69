"use server";

import { demo } from "../../demo.js";

export async function action() {
  return demo();
}
