using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class ZonesRoadsPhotos : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "road_id",
                table: "lots",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "zone_id",
                table: "berths",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "lot_photos",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    caption = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    content_type = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lot_photos", x => x.id);
                    table.ForeignKey(
                        name: "fk_lot_photos_lots_lot_id",
                        column: x => x.lot_id,
                        principalTable: "lots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "lot_zones",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    capacity = table.Column<int>(type: "integer", nullable: true),
                    rank = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lot_zones", x => x.id);
                    table.ForeignKey(
                        name: "fk_lot_zones_lots_lot_id",
                        column: x => x.lot_id,
                        principalTable: "lots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "roads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    area_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_roads", x => x.id);
                    table.ForeignKey(
                        name: "fk_roads_areas_area_id",
                        column: x => x.area_id,
                        principalTable: "areas",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_lots_road_id",
                table: "lots",
                column: "road_id");

            migrationBuilder.CreateIndex(
                name: "ix_berths_zone_id",
                table: "berths",
                column: "zone_id");

            migrationBuilder.CreateIndex(
                name: "ix_lot_photos_lot_id",
                table: "lot_photos",
                column: "lot_id");

            migrationBuilder.CreateIndex(
                name: "ix_lot_zones_lot_id_name",
                table: "lot_zones",
                columns: new[] { "lot_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_roads_area_id_name",
                table: "roads",
                columns: new[] { "area_id", "name" },
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "fk_berths_lot_zones_zone_id",
                table: "berths",
                column: "zone_id",
                principalTable: "lot_zones",
                principalColumn: "id",
                onDelete: ReferentialAction.SetNull);

            migrationBuilder.AddForeignKey(
                name: "fk_lots_roads_road_id",
                table: "lots",
                column: "road_id",
                principalTable: "roads",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_berths_lot_zones_zone_id",
                table: "berths");

            migrationBuilder.DropForeignKey(
                name: "fk_lots_roads_road_id",
                table: "lots");

            migrationBuilder.DropTable(
                name: "lot_photos");

            migrationBuilder.DropTable(
                name: "lot_zones");

            migrationBuilder.DropTable(
                name: "roads");

            migrationBuilder.DropIndex(
                name: "ix_lots_road_id",
                table: "lots");

            migrationBuilder.DropIndex(
                name: "ix_berths_zone_id",
                table: "berths");

            migrationBuilder.DropColumn(
                name: "road_id",
                table: "lots");

            migrationBuilder.DropColumn(
                name: "zone_id",
                table: "berths");
        }
    }
}
