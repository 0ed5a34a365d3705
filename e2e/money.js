// A library's money for the tests: a fiscal year around today, funds with money in them, vendors and orders, made by the routes that the screens use.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

export class Money {
  static async open(carrel, token) {
    const money = new Money(carrel, token);
    const view = await money.ask('GET', 'budget');
    const today = new Date().toLocaleDateString('en-CA');
    money.year = view.years.find(({ starts, ends }) => starts <= today && today <= ends);
    if (!money.year) {
      const first = Number(today.slice(5, 7)) >= 7 ? Number(today.slice(0, 4)) : Number(today.slice(0, 4)) - 1;
      money.year = (await money.ask('POST', 'budget/years', { key: randomUUID(), name: `${first}–${(first + 1) % 100}`, starts: `${first}-07-01`, ends: `${first + 1}-06-30` })).year;
    }
    return money;
  }

  constructor(carrel, token) {
    this.carrel = carrel;
    this.token = token;
  }

  /** Asks the server; what it refuses fails the test, with its words. */
  async ask(method, path, body) {
    const { status, body: answer } = await this.try(method, path, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  try(method, path, body, token = this.token) {
    return this.carrel.api(method, `/api/carrel/${path}`, body, token);
  }

  async fund(name, amount, more = {}) {
    return (await this.ask('POST', 'budget/funds', { key: randomUUID(), year: this.year.id, name, kind: 'allocation', amount, ...more })).fund;
  }

  async vendor(name, more = {}) {
    const there = (await this.ask('GET', 'budget/vendors')).vendors.find((vendor) => vendor.name === name);
    return there ?? (await this.ask('POST', 'budget/vendors', { key: randomUUID(), name, ...more })).vendor;
  }

  /** An order with lines of a fund, brought as far as the acts say. */
  async order(vendor, fund, name, lines, ...acts) {
    let { order } = await this.ask('POST', 'budget/orders', {
      key: randomUUID(), year: this.year.id, vendor: vendor.id, name, lines: lines.map((line) => ({ fund: fund.id, pieces: 1, price: 1000, ...line })),
    });
    for (const act of acts) order = await this.act(order, act);
    return order;
  }

  async act(order, kind, body = {}) {
    return (await this.ask('POST', `budget/orders/${order.id}/${kind}`, { key: randomUUID(), ...body })).order;
  }

  /** So many of each line came, without copies. */
  async receive(order, ...counts) {
    const of = (await this.ask('GET', `budget/orders/${order.id}`)).order.lines;
    return this.act(order, 'receive', { pieces: Object.fromEntries(counts.map((n, i) => [of[i].id, n])) });
  }
}
